import type { AwsCall } from '../endpoint/aws-call.ts';
import type { Assembly } from '../template/assembly.ts';
import { arn, type Resolve } from '../template/intrinsics.ts';

/** The value of an item's partition key, as conditions of policies know it; nothing for a call that names no item. */
export type LeadingKey = (call: Pick<AwsCall, 'resource' | 'item'>) => { 'dynamodb:LeadingKeys'?: string };

/**
 * Finds the leading key of calls on a template's tables.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKeys(assembly: Pick<Assembly, 'resources'>, resolve: Resolve): LeadingKey {
  const partitionKeys = new Map(
    Object.entries(assembly.resources).flatMap(([id, { Type, Properties }]) => {
      if (!/^AWS::DynamoDB::(Global)?Table$/.test(Type)) return [];
      const schema = resolve(Properties.KeySchema) as { AttributeName: string; KeyType: string }[];
      const name = schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
      return [[arn('dynamodb', `table/${resolve({ Ref: id })}`), name] as const];
    }),
  );
  return ({ resource, item }) => {
    const attribute = Object(item?.[partitionKeys.get(resource) ?? '']) as { S?: unknown };
    // Each of the tables has a text for its key.
    return typeof attribute.S === 'string' ? { 'dynamodb:LeadingKeys': attribute.S } : {};
  };
}
