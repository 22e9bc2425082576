import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { everySetting } from '../cfn-lint/every-setting.ts';
import { type SynthesizedResource, synthesizeStack, textOf } from '../support/template.ts';

/**
 * What holds something that a new deployment of the template does not bring back, or that somebody outside has noted
 * down. CloudFormation knows a resource by its logical id: under another one it creates a new, empty resource, and
 * deletes the old one or leaves it behind. If the type has a fixed name, the name of the old one is in the way, too.
 */
const statefulTypes: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'its URL is registered at Zavu',
  'AWS::DynamoDB::GlobalTable': 'idempotency records, and the status of messages',
  'AWS::Events::EventBus': "other stacks' rules are on it, by its name and ARN",
  'AWS::Glue::Database': 'queries and permissions of people name it',
  'AWS::Glue::Table': 'queries and permissions of people name it',
  'AWS::KinesisFirehose::DeliveryStream': 'events on their way into the archive, up to 24 hours of them',
  'AWS::Logs::LogGroup': 'log lines, until their retention ends',
  'AWS::S3::Bucket': 'the archive',
  'AWS::SNS::Topic': 'people and pagers have subscribed to it',
  'AWS::SQS::Queue': 'events, dead letters, unrouted events',
  'AWS::SecretsManager::Secret': 'the signing secrets that people have stored',
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
const all: Record<string, SynthesizedResource> = synthesizeStack({
  ...everySetting,
  retainData: 'true',
}).toJSON().Resources;
const found = new Map(
  Object.entries(all)
    .filter(([, { Type }]) => Type in statefulTypes)
    .map(([id, resource]) => [id, record(resource)]),
);

test.each(Object.entries(recorded))(
  '%s is where it was: its id, type, name, and whether it is kept',
  (id, was) => {
    const is = found.get(id);
    if (JSON.stringify(is) === JSON.stringify(was)) return;
    throw new Error(
      `${id} was ${JSON.stringify(was)}, and is ${is ? JSON.stringify(is) : 'no longer in the template'}.\n` +
        `What is at stake: ${statefulTypes[was.type]}. ${consequence(was, is)}\nGive the construct back what it had. An id ` +
        'stays as it is, even if a better one is found. If there is no other way, write into docs/upgrading.md how to carry ' +
        `the data over, and change ${file} in the same commit.`,
    );
  },
);

test('what is new is recorded, so that it stays where it is', () => {
  const unrecorded = [...found].filter(([id]) => !(id in recorded));
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

function record({ Type, Properties = {}, DeletionPolicy }: SynthesizedResource): Recorded {
  const kind = Type.split('::').at(-1);
  const properties: Record<string, unknown> = {
    ...Properties,
    ...Object(Properties.DatabaseInput),
    ...Object(Properties.TableInput),
  };
  // An API's name is a title alone.
  const name = kind === 'Api' ? undefined : (properties[`${kind}Name`] ?? properties.Name);
  return {
    type: Type,
    name: name === undefined ? null : textOf(name),
    isRetained: DeletionPolicy === 'RetainExceptOnCreate',
  };
}
