import type { Assembly } from '../template/assembly.ts';
import { arn, bucketArn, roleArn } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';
import { condition } from './condition.ts';
import { managedPolicy } from './managed-policies.ts';
import { pattern } from './pattern.ts';
import { serviceDefaults } from './service-defaults.ts';
import {
  type Document,
  identityStatements,
  resourceStatements,
  type Statement,
  trustStatements,
} from './statement.ts';

/** Properties of the resources that hold policies. Each has some of them. */
interface PolicyProperties {
  AssumeRolePolicyDocument: Document;
  PolicyDocument: Document;
  ResourcePolicy: Document;
  Policies?: { PolicyDocument: Document }[];
  ManagedPolicyArns?: string[];
  Roles?: string[];
  Queues: string[];
  Topics: string[];
  Bucket: string;
  SecretId: string;
  EventBusName?: string;
  Statement: Document['Statement'];
}

interface PermissionProperties {
  Action: string;
  FunctionName: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
}

/** The policies of a template by the type of their resource, given its properties and its logical id. */
const readers: Readonly<Record<string, (properties: PolicyProperties, id: string) => Statement[]>> = {
  'AWS::IAM::Role': ({ AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [] }, id) => [
    ...trustStatements(AssumeRolePolicyDocument, roleArn(id), id),
    ...Policies.flatMap(({ PolicyDocument }) => identityStatements(PolicyDocument, [roleArn(id)], id)),
    ...ManagedPolicyArns.flatMap((policy) =>
      identityStatements(managedPolicy(policy, id), [roleArn(id)], policy),
    ).map((statement) => ({ ...statement, isOfAws: true as const })),
  ],
  'AWS::IAM::Policy': ofRoles,
  'AWS::IAM::ManagedPolicy': ofRoles,
  'AWS::SNS::TopicPolicy': ({ PolicyDocument, Topics }, id) => resourceStatements(PolicyDocument, Topics, id),
  'AWS::SQS::QueuePolicy': ({ PolicyDocument, Queues }, id) => {
    // By URL.
    const queues = Queues.map((url) => arn('sqs', url.split('/').at(-1) ?? ''));
    return resourceStatements(PolicyDocument, queues, id);
  },
  'AWS::S3::BucketPolicy': ({ PolicyDocument, Bucket }, id) =>
    resourceStatements(PolicyDocument, [bucketArn(Bucket), `${bucketArn(Bucket)}/*`], id),
  // It counts for every log group of the account and region, and is a text.
  'AWS::Logs::ResourcePolicy': ({ PolicyDocument }, id) =>
    resourceStatements(JSON.parse(String(PolicyDocument)), [arn('logs', '*')], id),
  'AWS::Events::EventBusPolicy': ({ EventBusName = 'default', Statement }, id) =>
    resourceStatements({ Statement }, [arn('events', `event-bus/${EventBusName}`)], id),
  'AWS::SecretsManager::ResourcePolicy': ({ ResourcePolicy, SecretId }, id) =>
    resourceStatements(ResourcePolicy, [SecretId], id),
};

/**
 * All that a template says about who may do what, and what AWS's services add by themselves.
 *
 * @throws Error naming an element of a policy that is not known here, rather than ignoring it
 */
export function statementsOf(template: Pick<Assembly, 'resources'>, resolve: Resolve): Statement[] {
  const ofTemplate = Object.entries(template.resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::Lambda::Permission') {
      return [permission(resolve(Properties) as PermissionProperties, id)];
    }
    return readers[Type]?.(resolve(Properties) as PolicyProperties, id) ?? [];
  });
  return [...ofTemplate, ...serviceDefaults(template, resolve)];
}

function ofRoles({ PolicyDocument, Roles = [] }: PolicyProperties, id: string): Statement[] {
  return identityStatements(PolicyDocument, Roles.map(roleArn), id);
}

/**
 * A permission to invoke a function: a statement of the policy of that function itself, or of one of its aliases.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
function permission(properties: PermissionProperties, id: string): Statement {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount, ...rest } = properties;
  const [strange] = Object.keys(rest);
  if (strange) throw new Error(`The local run does not know ${strange} of a permission, in ${id}.`);
  const invoked = FunctionName.startsWith('arn:') ? FunctionName : arn('lambda', `function:${FunctionName}`);
  const conditions = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
  };
  return {
    effect: 'Allow',
    principals: [Principal],
    actions: [{ ...pattern(Action.toLowerCase()), text: Action }],
    resources: [pattern(invoked)],
    holds: condition(conditions, id),
  };
}
