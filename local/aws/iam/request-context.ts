import type { AwsCall } from '../endpoint/aws-call.ts';
import { type Assembly, resourcesOfType } from '../template/assembly.ts';
import { arn } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';

/**
 * The context of a call that came over the wire: the values that conditions of policies ask for.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/intro-structure.html#intro-structure-request
 */
export type RequestContext = (call: Pick<AwsCall, 'resource' | 'item'>) => Readonly<Record<string, string>>;

/** Every call counts as one over TLS, which the policies of queues ask for: on AWS, functions call so. */
export const overTls = { 'aws:SecureTransport': 'true' };

/**
 * Finds the context of calls on a template's resources: TLS; the value of an item's partition key, which IAM calls its
 * leading key, for a call that names an item of a table; and the function of an event source.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export function requestContexts(assembly: Pick<Assembly, 'resources'>, resolve: Resolve): RequestContext {
  const partitionKeys = new Map(
    Object.entries(assembly.resources).flatMap(([id, { Type, Properties }]) => {
      if (!/^AWS::DynamoDB::(Global)?Table$/.test(Type)) return [];
      const schema = resolve(Properties.KeySchema) as { AttributeName: string; KeyType: string }[];
      const name = schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
      return [[arn('dynamodb', `table/${resolve({ Ref: id })}`), name] as const];
    }),
  );
  const functions = new Map(
    resourcesOfType(assembly, 'AWS::Lambda::EventSourceMapping').map(([id, { FunctionName }]) => {
      const name = String(resolve(FunctionName));
      const functionArn = name.startsWith('arn:') ? name : arn('lambda', `function:${name}`);
      return [arn('lambda', `event-source-mapping:${resolve({ Ref: id })}`), functionArn] as const;
    }),
  );
  return ({ resource, item }) => {
    const functionArn = functions.get(resource);
    if (functionArn !== undefined) return { ...overTls, 'lambda:FunctionArn': functionArn };
    const attribute = Object(item?.[partitionKeys.get(resource) ?? '']) as { S?: unknown };
    // Each of the tables has a text for its key.
    return typeof attribute.S === 'string' ? { ...overTls, 'dynamodb:LeadingKeys': attribute.S } : overTls;
  };
}
