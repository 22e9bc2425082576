import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { messagesEnv } from '../../lambda/messages/env.ts';
import { queueUrlVariable, receiverEnv } from '../../lambda/receiver/env.ts';
import { workerEnv } from '../../lambda/worker/env.ts';
import { capitalize } from '../../lib/outputs.ts';
import { everySetting } from '../cfn-lint/every-setting.ts';
import { workerNames } from '../support/handlers.ts';
import {
  createStack,
  environmentOf,
  grantsOf,
  loggingGrants,
  resources,
  type SynthesizedResource,
  synthesizeStack,
  target,
} from '../support/template.ts';

const template = synthesizeStack({ alarmEmail: 'oncall@example.com' });
/** Those that events pass; the keeper of pauses is in test/lib/pauses/. */
const functions = resources(template, 'AWS::Lambda::Function').filter(
  ([id]) => !id.startsWith('PausesFunction'),
);
const queues = resources(template, 'AWS::SQS::Queue');
const sources = resources(template, 'AWS::Lambda::EventSourceMapping');

const redrive = (properties: Record<string, unknown>) =>
  properties.RedrivePolicy as { deadLetterTargetArn: unknown; maxReceiveCount: number } | undefined;
const deadLetterQueues = queues.flatMap(
  ([, { Properties }]) => target(redrive(Properties)?.deadLetterTargetArn ?? {}) ?? [],
);
const unroutedQueues = queues.filter(([id]) => id.startsWith('ReceiverUnroutedQueue')).map(([id]) => id);
const finalQueues = [...deadLetterQueues, ...unroutedQueues];
/** The logical ids of a worker's parts begin with this. */
const partNames = workerNames.map((name) => `${capitalize(name)}Worker`);
const nameOf = (id: string) => ['Receiver', ...partNames].find((name) => id.startsWith(name)) ?? '';
const records = (name: string) => partNames.includes(name);

test('the parts are all there', () => {
  expect(functions.map(([id]) => nameOf(id)).sort()).toEqual([...partNames, 'Receiver'].sort());
  expect(deadLetterQueues).toHaveLength(workerNames.length);
  expect(unroutedQueues).toHaveLength(1);
  expect(sources).toHaveLength(workerNames.length);
});

describe.each(queues)('queue %s', (id, { Properties }) => {
  test('redrives, or keeps events for 14 days', () => {
    const policy = redrive(Properties);
    if (finalQueues.includes(id)) {
      expect(policy).toBeUndefined();
      expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
    } else {
      expect(finalQueues).toContain(target(policy?.deadLetterTargetArn));
      expect(Properties.MessageRetentionPeriod).toBeLessThan(14 * 86_400);
    }
  });

  test('is encrypted and takes TLS only', () => {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe.each(sources)('event source %s', (_id, { Properties }) => {
  const queue = queues.find(([id]) => id === target(Properties.EventSourceArn))?.[1].Properties;
  const worker = functions.find(([id]) => id === target(Properties.FunctionName))?.[1].Properties;

  test('takes batches of ten, fails by the record, and bounds its concurrency', () => {
    expect(Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('hides messages for six timeouts of its function, and longer than no wait allows', () => {
    expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(worker?.Timeout));
  });

  test('lets SQS move only what the worker could not dead-letter', () => {
    const attempts = String(environmentOf(worker).RETRY_DELAYS_SECONDS).split(',').length + 1;
    expect(attempts).toBe(5);
    // The first receive leaves no record if its function dies, and the last one dead-letters.
    expect(redrive(queue ?? {})?.maxReceiveCount).toBeGreaterThanOrEqual(attempts + 2);
    expect(String(redrive(queue ?? {})?.maxReceiveCount)).toBe(environmentOf(worker).MAX_RECEIVES);
    expect(Number(environmentOf(worker).MAX_AGE_SECONDS)).toBeLessThan(Number(queue?.MessageRetentionPeriod));
  });
});

describe.each(functions)('function %s', (id, { Properties }) => {
  test('runs on Node 24 and arm64, with a log group that ends', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
    });
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    const logs = target((Properties.LoggingConfig as { LogGroup: unknown }).LogGroup) ?? '';
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    expect(resources(template, 'AWS::Logs::LogGroup').map(([group]) => group)).toContain(logs);
  });

  test('has exactly the environment that it reads', () => {
    const variables = environmentOf(Properties);
    const expected =
      nameOf(id) === 'Receiver'
        ? [...receiverEnv, ...workerNames.map(queueUrlVariable)]
        : [...workerEnv, ...(records(nameOf(id)) ? messagesEnv : [])];
    expect(Object.keys(variables).sort()).toEqual(expected.sort());
    expect(JSON.stringify(variables)).not.toMatch(/whsec|resolve:secretsmanager/);
  });

  test('may do exactly this', () => {
    const role = target(Properties.Role);
    const own = nameOf(id);
    expect(grantsOf(template, Properties)).toEqual(
      (own === 'Receiver' ? receiverGrants : workerGrants(own)).sort(),
    );
    const { ManagedPolicyArns } =
      resources(template, 'AWS::IAM::Role').find(([name]) => name === role)?.[1].Properties ?? {};
    expect(ManagedPolicyArns).toBeUndefined();
  });
});

const receiverGrants = [
  ...loggingGrants('Receiver'),
  'Allow secretsmanager:GetSecretValue ReceiverSigningSecret',
  ...[...partNames, 'ReceiverUnrouted'].map((name) => `Allow sqs:SendMessage ${name}Queue`),
];

const workerGrants = (own: string) => [
  ...loggingGrants(own),
  ...['ReceiveMessage', 'ChangeMessageVisibility', 'GetQueueUrl', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => `Allow sqs:${action} ${own}Queue`,
  ),
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem'].map(
    (action) => `Allow dynamodb:${action} IdempotencyTable`,
  ),
  `Allow sqs:SendMessage ${own}DeadLetterQueue`,
  ...(records(own) ? ['Allow dynamodb:GetItem Messages', 'Allow dynamodb:UpdateItem Messages'] : []),
];

test('one public route, throttled, with an access log that a full policy of the account does not stop', () => {
  template.resourcePropertiesCountIs('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /webhooks/zavu' }, 1);
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  const Properties = resources(template, 'AWS::ApiGatewayV2::Stage')[0]?.[1].Properties ?? {};
  expect(Properties).toMatchObject({
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  });
  const { Format, DestinationArn } = Properties.AccessLogSettings as {
    Format: string;
    DestinationArn: unknown;
  };
  // Of a caller its address, and nothing that it sends.
  expect(Format.match(/\$context\.identity\.\w+/g)).toEqual(['$context.identity.sourceIp']);
  expect(Format).not.toMatch(/userAgent|path|\$context\.(authorizer|requestOverride)/);
  const group = resources(template, 'AWS::Logs::LogGroup').find(([id]) => id === target(DestinationArn))?.[1];
  // The stack's name is in it: two stacks of a region do not collide.
  expect(group).toMatchObject({
    Properties: { LogGroupName: '/aws/vendedlogs/apigateway/Test/Receiver', RetentionInDays: 30 },
    DeletionPolicy: 'Delete',
  });
});

// Never change what is expected here: any other value replaces the secrets that people stored with a random text.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
test.each([{}, { stage: 'prod' }, { acceptedSignatures: 'v2', canary: 'true' }])(
  'the signing secret starts as a random text, and no deployment makes a new one: %j',
  (settings) => {
    const secrets = resources(synthesizeStack(settings), 'AWS::SecretsManager::Secret');
    expect(secrets.map(([id]) => id)).toEqual(['ReceiverSigningSecret4B088F98']);
    for (const [, { Properties }] of secrets) {
      expect(Properties.GenerateSecretString).toStrictEqual({ ExcludePunctuation: true, PasswordLength: 64 });
      expect(Object.keys(Properties).sort()).toEqual(['Description', 'GenerateSecretString']);
    }
  },
);

test('outputs say where everything is', () => {
  const expected = [
    'WebhookUrl',
    'Routes',
    'SigningSecretName',
    'AcceptedSignatures',
    'IdempotencyTableName',
    'MessagesTableName',
    'ReceiverLogGroupName',
    'UnroutedQueueUrl',
    'EventSources',
  ];
  const perWorker = workerNames.flatMap((name) => [
    `${capitalize(name)}QueueUrl`,
    `${capitalize(name)}DeadLetterQueueUrl`,
    `${capitalize(name)}WorkerLogGroupName`,
  ]);
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([...expected, ...perWorker].sort());
  template.hasOutput('AcceptedSignatures', { Value: 'sha256,v1,v2' });
  synthesizeStack({ acceptedSignatures: 'v2' }).hasOutput('AcceptedSignatures', { Value: 'v2' });
});

test('prod keeps its data and backs its table up, dev cleans up', () => {
  const prod = synthesizeStack({ stage: 'prod' });
  prod.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
  });
  for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::SecretsManager::Secret']) {
    for (const [, { DeletionPolicy }] of resources(prod, type))
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    for (const [, { DeletionPolicy }] of resources(template, type)) expect(DeletionPolicy).toBe('Delete');
  }
});

test('what somebody puts into the stack keeps what it says of its own removal', () => {
  const stack = createStack({ retainData: 'false' });
  new TableV2(stack, 'Customers', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const tables = resources(Template.fromStack(stack), 'AWS::DynamoDB::GlobalTable');
  const policies = tables.map(([id, { DeletionPolicy }]) => [id.replace(/[0-9A-F]{8}$/, ''), DeletionPolicy]);
  expect(Object.fromEntries(policies)).toEqual({
    Customers: 'Retain',
    IdempotencyTable: 'Delete',
    Messages: 'Delete',
  });
});

test('a first deployment that fails leaves nothing behind, whatever is switched on', () => {
  const fullest = synthesizeStack({ stage: 'prod', ...everySetting });
  const all: Record<string, SynthesizedResource> = fullest.toJSON().Resources;
  expect(Object.values(all).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
});

test('CloudFormation makes all names, but for those within a region, an API, a function or a role', () => {
  const all: Record<string, SynthesizedResource> = synthesizeStack(everySetting).toJSON().Resources;
  const named = Object.values(all).flatMap(({ Type, Properties = {} }) => {
    const own = ['Name', 'AlarmName', `${Type.split('::').at(-1)}Name`];
    const properties = {
      ...Properties,
      ...Object(Properties.DatabaseInput),
      ...Object(Properties.TableInput),
    };
    return own.some((name) => properties[name] !== undefined) ? [Type] : [];
  });
  // docs/operations.md, "A second stack", speaks of them. The name of a dashboard has the region in it.
  expect([...new Set(named)].sort()).toEqual([
    'AWS::ApiGatewayV2::Api',
    'AWS::ApiGatewayV2::Stage',
    // CDK names it at synthesis.
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::Events::EventBus',
    'AWS::Glue::Database',
    'AWS::Glue::Table',
    'AWS::IAM::Policy',
    'AWS::Lambda::Alias',
    'AWS::Logs::LogGroup',
    'AWS::Logs::QueryDefinition',
  ]);
});

test('every function logs JSON: its own lines from INFO on, in which metrics are, and what fails of Lambda itself', () => {
  const functions = synthesizeStack({ canary: 'true', reconcile: 'true' }).findResources(
    'AWS::Lambda::Function',
  );
  expect(Object.keys(functions).length).toBeGreaterThan(7);
  for (const { Properties } of Object.values(functions)) {
    expect(Properties.LoggingConfig).toEqual({
      LogFormat: 'JSON',
      ApplicationLogLevel: 'INFO',
      SystemLogLevel: 'WARN',
      LogGroup: expect.anything(),
    });
  }
});

test('by default nothing is traced, nor may be, whatever header a request brings', () => {
  const json = JSON.stringify(synthesizeStack({ canary: 'true', reconcile: 'true' }).toJSON());
  expect(json).not.toMatch(/xray:|TracingConfig/);
});

test('where tracing is on, every function is traced, and may be', () => {
  const template = synthesizeStack({ tracing: 'true' });
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.map(({ Properties }) => Properties.TracingConfig)).toEqual(
    functions.map(() => ({ Mode: 'Active' })),
  );
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
    JSON.stringify(policy).includes('"xray:PutTraceSegments"'),
  );
  expect(policies).toHaveLength(functions.length);
});
