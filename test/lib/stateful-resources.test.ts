import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { everySetting } from '../cfn-lint/every-setting.ts';
import { type SynthesizedResource, synthesizeStack, textOf } from '../support/template.ts';

/**
 * What holds something that a new deployment of the template does not bring back, or that somebody outside has noted
 * down. CloudFormation knows a resource by its logical id: under another one it creates a new, empty resource, and
 * deletes the old one or leaves it behind. If a resource has a fixed name, the name of the old one is in the way, too.
 */
interface Stateful {
  holds: string;
  /** The property with the name of the resource, which is part of what it is; undefined if the type has none. */
  nameProperty: string | undefined;
}

const statefulTypes: Readonly<Record<string, Stateful>> = {
  // Its name is a title alone.
  'AWS::ApiGatewayV2::Api': { holds: 'its URL is registered at Zavu', nameProperty: undefined },
  'AWS::DynamoDB::GlobalTable': {
    holds: 'idempotency records, and the status of messages',
    nameProperty: 'TableName',
  },
  'AWS::Events::EventBus': {
    holds: "other stacks' rules are on it, by its name and ARN",
    nameProperty: 'Name',
  },
  'AWS::Glue::Database': {
    holds: 'queries and permissions of people name it',
    nameProperty: 'DatabaseInput.Name',
  },
  'AWS::Glue::Table': { holds: 'queries and permissions of people name it', nameProperty: 'TableInput.Name' },
  'AWS::KinesisFirehose::DeliveryStream': {
    holds: 'events on their way into the archive, up to 24 hours of them',
    nameProperty: 'DeliveryStreamName',
  },
  'AWS::Logs::LogGroup': { holds: 'log lines, until their retention ends', nameProperty: 'LogGroupName' },
  'AWS::S3::Bucket': { holds: 'the archive', nameProperty: 'BucketName' },
  'AWS::SNS::Topic': { holds: 'people and pagers have subscribed to it', nameProperty: 'TopicName' },
  'AWS::SQS::Queue': { holds: 'events, dead letters, unrouted events', nameProperty: 'QueueName' },
  'AWS::SecretsManager::Secret': {
    holds: 'the signing secrets and API keys that people have stored',
    nameProperty: 'Name',
  },
};

/** What the template says of it is all there is: a new one is as good as the old one. */
const statelessTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  // An alarm has a state, which its next periods find again.
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  // Firehose's place in a group, and goes with it.
  'AWS::Logs::LogStream',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** A stateful resource as it is recorded: by its logical id, which must never move again. */
interface Recorded {
  type: string;
  /** The name that the template gives it; null if CloudFormation makes one. */
  name: string | null;
  /** Stays when the stack is deleted, if `retainData` is on. */
  isRetained: boolean;
}

const file = 'test/lib/stateful-resources.json';
const recorded: Readonly<Record<string, Recorded>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'stateful-resources.json'), 'utf8'),
);
const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
const { alarmEmail: _, ...withoutEmail } = everySetting;
/** Settings under which an id or a name might move, and what is recorded and not there under them. */
const deployments = [
  ['dev', { ...everySetting, retainData: 'true' }, []],
  ['prod', { ...everySetting, stage: 'prod' }, []],
  [
    'alarm topics of one\u2019s own',
    { ...withoutEmail, retainData: 'true', alarmTopicArn: topic, pagingTopicArn: `${topic}-pager` },
    ['MonitoringAlarms66989066'],
  ],
] as const;

describe.each(deployments)('%s', (_name, settings, absent) => {
  const all: Record<string, SynthesizedResource> = synthesizeStack(settings).toJSON().Resources;
  const found = recordsOf(all);
  const expected = Object.entries(recorded).filter(([id]) => !absent.some((each) => each === id));

  test.each(expected)('%s is where it was: its id, type, name, and whether it is kept', (id, was) => {
    const is = found.get(id);
    if (JSON.stringify(is) === JSON.stringify(was)) return;
    throw new Error(
      `${id} was ${JSON.stringify(was)}, and is ${is ? JSON.stringify(is) : 'no longer in the template'}.\n` +
        `What is at stake: ${statefulTypes[was.type]?.holds}. ${consequence(was, is)}\nGive the construct back what it had. An id ` +
        'stays as it is, even if a better one is found. If there is no other way, write into docs/upgrading.md how to carry ' +
        `the data over, and change ${file} in the same commit.`,
    );
  });

  test('what is new is recorded, so that it stays where it is', () => {
    const unrecorded = [...found].filter(([id]) => !expected.some(([known]) => known === id));
    if (unrecorded.length === 0) return;
    const lines = unrecorded.map(([id, resource]) => `  ${JSON.stringify(id)}: ${JSON.stringify(resource)}`);
    throw new Error(
      `Stateful resources that ${file} does not have. If they are new, add them, and choose ids that are good for ever. ` +
        `If one took the place of another, the data of the other is lost (docs/upgrading.md).\n${lines.join(',\n')}`,
    );
  });

  test('of every type in the template it is known whether it holds something', () => {
    const types = [...new Set(Object.values(all).map(({ Type }) => Type))];
    expect(types.filter((type) => !(type in statefulTypes) && !statelessTypes.has(type))).toEqual([]);
  });
});

test('a fixed name of every type is seen', () => {
  const stack = new Stack();
  const name = 'mine';
  new CfnGlobalTable(stack, 'Table', {
    tableName: name,
    attributeDefinitions: [],
    keySchema: [],
    replicas: [],
  });
  new CfnEventBus(stack, 'Bus', { name });
  new CfnDatabase(stack, 'Database', { catalogId: 'any', databaseInput: { name } });
  new CfnTable(stack, 'GlueTable', { catalogId: 'any', databaseName: 'other', tableInput: { name } });
  new CfnDeliveryStream(stack, 'Stream', { deliveryStreamName: name });
  new CfnLogGroup(stack, 'Group', { logGroupName: name });
  new CfnBucket(stack, 'Bucket', { bucketName: name });
  new CfnTopic(stack, 'Topic', { topicName: name });
  new CfnQueue(stack, 'Queue', { queueName: name });
  new CfnSecret(stack, 'Secret', { name });
  const named = [...recordsOf(Template.fromStack(stack).toJSON().Resources).values()];
  expect(named.map((each) => [each.type, each.name]).sort()).toEqual(
    Object.entries(statefulTypes)
      .filter(([, { nameProperty }]) => nameProperty !== undefined)
      .map(([type]) => [type, name]),
  );
});

/** The stateful resources of a template, by logical id. */
function recordsOf(all: Readonly<Record<string, SynthesizedResource>>): Map<string, Recorded> {
  return new Map(
    Object.entries(all).flatMap(([id, resource]) => {
      const stateful = statefulTypes[resource.Type];
      return stateful ? [[id, record(resource, stateful)] as const] : [];
    }),
  );
}

/** What a deployment would do to those who have the resource. */
function consequence(was: Recorded, is: Recorded | undefined): string {
  if (is && is.type === was.type && is.name === was.name) {
    return was.isRetained
      ? 'It would be deleted with the stack, although retainData is on: its data is lost.'
      : 'It would stay when the stack is deleted, and be in the way of the next deployment.';
  }
  return was.type === 'AWS::ApiGatewayV2::Api'
    ? 'A deployment would create a new API, and the URL moves: every sender must be registered again.'
    : 'A deployment would create a new, empty resource: the data of the old one is lost, or stays behind in it.';
}

function record(
  { Type, Properties = {}, DeletionPolicy }: SynthesizedResource,
  { nameProperty }: Stateful,
): Recorded {
  const name = nameProperty
    ?.split('.')
    .reduce<unknown>((value, property) => Object(value)[property], Properties);
  return {
    type: Type,
    name: name === undefined ? null : textOf(name),
    isRetained: DeletionPolicy === 'RetainExceptOnCreate',
  };
}
