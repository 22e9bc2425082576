import { docsPage } from '../../../lib/docs-page.ts';
import type { Assembly, Resource } from './assembly.ts';
import { conditionFunctions } from './conditions.ts';
import { account, region } from './environment.ts';
import type { Resolve } from './resolve.ts';

/** ARN of something of this account. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

/** ARN of a role of the template. */
export const roleArn = (logicalId: string) => `arn:aws:iam::${account}:role/${logicalId}`;

/** ARN of a bucket, whose name is unique in all of AWS. */
export const bucketArn = (name: string) => `arn:aws:s3:::${name}`;

/** ARN of a secret, to whose name Secrets Manager adds six characters. */
export const secretArn = (name: string) => arn('secretsmanager', `secret:${name}-000000`);

/** ARN of a parameter of SSM. The slash at the beginning of its name is not written twice. */
export const parameterArn = (name: string) =>
  name.startsWith('arn:') ? name : arn('ssm', `parameter/${name.replace(/^\//, '')}`);

/** The name of a queue: that of a FIFO queue has to end so. */
export const queueName = (logicalId: string, { FifoQueue }: Record<string, unknown>) =>
  FifoQueue === true || FifoQueue === 'true' ? `${logicalId}.fifo` : logicalId;

/** The function of an ARN or a name, which may name one of its aliases. Here, all aliases have the same code. */
export function functionOf(arnOrName: string): string {
  return arnOrName.replace(/^arn:.*:function:/, '').split(':')[0] ?? '';
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackName': 'local',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `Ref` and `Fn::GetAtt` give for the resources of a local deployment. */
export interface Addresses {
  /** URL of a queue, by its name. */
  queueUrl(name: string): string;
  /** Where the HTTP API answers. */
  apiEndpoint: string;
}

/** What a template may refer to beside its own resources. */
export type Surroundings = Pick<
  Assembly,
  'absent' | 'conditions' | 'exporterOf' | 'guests' | 'mappings' | 'parameters'
>;

/**
 * Creates a resolver for a template.
 *
 * @param surroundings what else the template refers to
 * @default nothing
 * @returns a function that takes any part of the template and gives it back without intrinsics
 * @throws Error (from that function) naming an intrinsic or attribute that is not known here, or a stack that is not
 * deployed here
 */
export function createResolver(
  resources: Readonly<Record<string, Resource>>,
  addresses: Addresses,
  { absent = {}, conditions = {}, exporterOf, guests, mappings = {}, parameters = {} }: Surroundings = {},
): Resolve {
  function attribute(logicalId: string, name: string): string {
    const resource = resources[logicalId] ?? absent[logicalId];
    const value = resource && attributesOf(resource, logicalId, addresses, resolve)[name];
    if (value) return value;
    // It may be granted, or named in a variable: a made-up text serves for that.
    if (resource && guests?.has(logicalId)) return madeUpAttribute(resource, logicalId, name);
    throw new Error(`The local run knows no ${name} of ${logicalId} (${resource?.Type ?? 'nothing'}).`);
  }

  const functions: Record<string, (argument: unknown) => unknown> = {
    ...conditionFunctions(conditions, resolve),
    Ref: (argument) => {
      const id = String(argument);
      if (id === 'AWS::NoValue') return undefined;
      const parameter = parameters[id];
      return pseudoParameters[id] ?? (parameter ? parameterValue(id, parameter) : attribute(id, 'Ref'));
    },
    'Fn::GetAtt': (path) => {
      const [id = '', name = ''] = Array.isArray(path) ? path.map(String) : String(path).split('.');
      return attribute(id, name);
    },
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = resolve(argument) as [string, string, string];
      const value = mappings[map]?.[first]?.[second];
      if (value === undefined) throw new Error(`The mapping ${map} has no value for ${first} and ${second}.`);
      return value;
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = argument as [string, unknown[]];
      return (resolve(parts) as unknown[]).join(separator);
    },
    'Fn::ImportValue': (argument) => {
      const name = String(resolve(argument));
      throw notDeployed(exporterOf?.(name), `the export ${name}`);
    },
    'Fn::GetStackOutput': (argument) => {
      const { StackName, OutputName } = resolve(argument) as { StackName: unknown; OutputName: unknown };
      throw notDeployed(String(StackName), `the output ${OutputName}`);
    },
    'Fn::Select': (argument) => {
      const [index, from] = argument as [number | string, unknown];
      return (resolve(from) as unknown[])[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text)).split(separator);
    },
    'Fn::Sub': (argument) => {
      const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, object];
      const variables = new Map<string, unknown>(Object.entries(own));
      return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
        if (variables.has(name)) return String(resolve(variables.get(name)));
        return String(resolve(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }));
      });
    },
  };

  function resolve(value: unknown): unknown {
    // What is not there by AWS::NoValue is left out.
    if (Array.isArray(value)) return value.map(resolve).filter((part) => part !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const evaluate = functions[name];
      if (!evaluate) throw new UnknownIntrinsic(name);
      return evaluate(argument);
    }
    return Object.fromEntries(
      entries.map(([key, part]) => [key, resolve(part)]).filter(([, part]) => part !== undefined),
    );
  }
  return resolve;
}

const howToTell = `a key of the context can tell it (${docsPage('local-run.md')}, "The app that it runs").`;

/** An intrinsic function that is not known here. */
export class UnknownIntrinsic extends Error {
  /** For example `Fn::Transform`. */
  readonly intrinsic: string;

  constructor(intrinsic: string) {
    super(
      `The local run does not know ${intrinsic}, which this stack uses. Leave it out when the app runs here: ` +
        howToTell,
    );
    this.name = 'UnknownIntrinsic';
    this.intrinsic = intrinsic;
  }
}

/** What to throw for a value that another stack gives. */
function notDeployed(stack: string | undefined, what: string): Error {
  const origin = stack === undefined ? 'a stack that is not in this app' : `the stack ${stack}`;
  return new Error(
    `This stack refers to ${what} of ${origin}, and the local run deploys one stack only. ` +
      'Put what is referred to into this stack, or leave it out when the app runs here: ' +
      howToTell,
  );
}

/** A parameter has its default value here. */
function parameterValue(id: string, { Type, Default }: { Type: string; Default?: unknown }): string {
  if (Type.startsWith('AWS::SSM::')) {
    throw new Error(`${id} is the value of the SSM parameter ${Default}, which the local run does not have.`);
  }
  if (Default === undefined) {
    throw new Error(`The parameter ${id} has no default value, which the local run would take.`);
  }
  return String(Default);
}

function madeUpAttribute({ Type }: Resource, id: string, name: string): string {
  return name.endsWith('Arn') ? arn((Type.split('::')[1] ?? '').toLowerCase(), id) : `${id}.${name}`;
}

function attributesOf(
  { Type, Properties }: Resource,
  id: string,
  { queueUrl, apiEndpoint }: Addresses,
  resolve: Resolve,
): Record<string, string> {
  switch (Type) {
    case 'AWS::SQS::Queue':
      return queueAttributes(queueName(id, Properties), queueUrl);
    case 'AWS::DynamoDB::GlobalTable':
    case 'AWS::DynamoDB::Table': {
      const name = String(resolve(Properties.TableName ?? id));
      return { Ref: name, Arn: arn('dynamodb', `table/${name}`) };
    }
    case 'AWS::SecretsManager::Secret': {
      // Without a name of its own, CloudFormation names a secret after its logical id.
      const ref = secretArn(String(resolve(Properties.Name ?? `${id}-local`)));
      return { Ref: ref, Id: ref };
    }
    case 'AWS::KinesisFirehose::DeliveryStream':
      return { Ref: id, Arn: arn('firehose', `deliverystream/${id}`) };
    case 'AWS::S3::Bucket':
      return { Ref: id, Arn: bucketArn(id) };
    case 'AWS::Events::EventBus':
      return { Ref: id, Name: id, Arn: arn('events', `event-bus/${id}`) };
    case 'AWS::IAM::Role':
      return { Ref: id, Arn: roleArn(id) };
    case 'AWS::Lambda::Function':
      return { Ref: id, Arn: arn('lambda', `function:${id}`) };
    case 'AWS::Lambda::Alias':
      return { Ref: arn('lambda', `function:${resolve(Properties.FunctionName)}:${Properties.Name}`) };
    case 'AWS::Events::Rule':
      return { Ref: id, Arn: arn('events', `rule/${id}`) };
    case 'AWS::SNS::Topic':
      return { Ref: arn('sns', id), TopicArn: arn('sns', id), TopicName: id };
    case 'AWS::SSM::Parameter': {
      const name = String(resolve(Properties.Name ?? `CFN-${id}`));
      return { Ref: name, Arn: parameterArn(name), Value: String(resolve(Properties.Value)) };
    }
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::CompositeAlarm': {
      const name = String(resolve(Properties.AlarmName ?? id));
      return { Ref: name, Arn: arn('cloudwatch', `alarm:${name}`) };
    }
    case 'AWS::ApiGatewayV2::Api':
      return { Ref: id, ApiEndpoint: apiEndpoint };
    case 'AWS::Logs::LogGroup': {
      const name = String(resolve(Properties.LogGroupName ?? id));
      return { Ref: name, Arn: arn('logs', `log-group:${name}:*`) };
    }
    default:
      return { Ref: id };
  }
}

function queueAttributes(name: string, queueUrl: Addresses['queueUrl']): Record<string, string> {
  return { Ref: queueUrl(name), QueueUrl: queueUrl(name), Arn: arn('sqs', name), QueueName: name };
}
