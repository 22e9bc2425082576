import { Iam } from '../../../../local/aws/iam/iam.ts';
import { Permissions } from '../../../../local/aws/iam/permissions.ts';
import { serviceCallsOf } from '../../../../local/aws/service-calls/service-calls.ts';
import type { Resource } from '../../../../local/aws/template/assembly.ts';
import { jsonReporter } from '../../../../local/report/json-reporter.ts';
import { everySetting } from '../../../cfn-lint/every-setting.ts';
import { assemblyOf } from '../../../support/assembly.ts';
import { synthesizeStack } from '../../../support/template.ts';

type Resources = Record<string, Partial<Resource> & { Type: string }>;

/** What a template's services call: `<who> <action>`, each once. */
function callsOf(resources: Resources): string[] {
  const { assembly, resolve } = assemblyOf(resources);
  const { calls } = serviceCallsOf(assembly, resolve);
  const names = calls.map(({ call }) => `${call.principal.replace(/^arn:.*role\//, '')} ${call.action}`);
  return [...new Set(names)].sort();
}

/** Demands what the services of a template call of its policies, and gives back what was reported. */
function deploy(resources: Resources): { event: string; reason?: string }[] {
  const lines: string[] = [];
  const { assembly, resolve } = assemblyOf(resources);
  const reporter = jsonReporter((line) => lines.push(line));
  new Permissions(new Iam(assembly, resolve), reporter).demand(serviceCallsOf(assembly, resolve));
  return lines.map((line) => JSON.parse(line));
}

/** The fullest template, with an archive over the bus as a user may add it. */
const full: Resources = {
  ...synthesizeStack(everySetting).toJSON().Resources,
  BusArchive: {
    Type: 'AWS::Events::Archive',
    Properties: { SourceArn: 'arn:aws:events:x', RetentionDays: 14 },
  },
};

/** The fullest template with one change. */
function changed(change: (resources: Record<string, Resource>) => void): Resources {
  const copy = structuredClone(full) as Record<string, Resource>;
  for (const resource of Object.values(copy)) resource.Properties ??= {};
  change(copy);
  return copy;
}

/** The first resource of a type. */
function first(resources: Record<string, Resource>, type: string): Resource {
  const found = Object.values(resources).find(({ Type }) => Type === type);
  if (!found) throw new Error(`There is no ${type}.`);
  return found;
}

test('the fullest template is deployed, and every kind of service calls in it', () => {
  expect(deploy(full).filter(({ event }) => event !== 'granted')).toEqual([]);
  const services = callsOf(full).filter((call) => call.includes('.amazonaws.com'));
  expect(services).toEqual([
    'apigateway.amazonaws.com lambda:InvokeFunction',
    'cloudwatch.amazonaws.com sns:Publish',
    'codedeploy.amazonaws.com sts:AssumeRole',
    'delivery.logs.amazonaws.com logs:CreateLogStream',
    'delivery.logs.amazonaws.com logs:PutLogEvents',
    'events.amazonaws.com lambda:InvokeFunction',
    'firehose.amazonaws.com sts:AssumeRole',
    'lambda.amazonaws.com sts:AssumeRole',
  ]);
});

test.each([
  ['production', { stage: 'prod', tracing: 'true' }],
  ['next to nothing', { messagesTable: 'false', eventBus: 'true' }],
])('a template of %s is deployed', (_case, settings) => {
  expect(
    deploy(synthesizeStack(settings).toJSON().Resources).filter(({ event }) => event !== 'granted'),
  ).toEqual([]);
});

test('alarms whose topic does not let them publish would notify nobody: all are named in one sentence', () => {
  const resources = changed((all) => {
    const { PolicyDocument } = first(all, 'AWS::SNS::TopicPolicy').Properties as {
      PolicyDocument: { Statement: { Effect: string }[] };
    };
    PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Deny');
    expect(PolicyDocument.Statement).toHaveLength(1);
  });
  expect(() => deploy(resources)).toThrow(
    /^Monitoring\w+ \(and \d+ more\) would notify nobody on AWS: cloudwatch\.amazonaws\.com is not authorized to perform: sns:Publish on resource: arn:aws:sns:us-east-1:000000000000:MonitoringAlarms\w+ because no policy allows it\.$/,
  );
});

test('a composite alarm notifies as an alarm does', () => {
  const alone = {
    Topic: { Type: 'AWS::SNS::Topic' },
    Paging: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { OKActions: [{ Ref: 'Topic' }] } },
  };
  expect(callsOf(alone)).toEqual(['cloudwatch.amazonaws.com sns:Publish']);
  // By SNS's default.
  expect(deploy(alone)).toEqual([expect.objectContaining({ event: 'granted' })]);
});

test('SNS delivers to a queue whose policy lets it in, and would deliver nothing without one', () => {
  const Queue = { Type: 'AWS::SQS::Queue' };
  const Told = {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
  };
  const alone = { Topic: { Type: 'AWS::SNS::Topic' }, Queue, Told };
  expect(callsOf(alone)).toEqual(['sns.amazonaws.com sqs:SendMessage']);
  expect(() => deploy(alone)).toThrow(
    /^Told would deliver nothing on AWS: sns\.amazonaws\.com is not authorized/,
  );
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
  };
  const Policy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Statement } },
  };
  expect(deploy({ ...alone, Policy })).toEqual([expect.objectContaining({ event: 'granted' })]);
});

test('what AWS refuses is told apart from what it leaves undone', () => {
  const trust = changed((all) => {
    for (const { Type, Properties } of Object.values(all)) {
      if (Type === 'AWS::IAM::Role') Properties.AssumeRolePolicyDocument = { Statement: [] };
    }
  });
  expect(() => deploy(trust)).toThrow(
    /^AWS would refuse to deploy this: lambda\.amazonaws\.com is not authorized to perform: sts:AssumeRole/,
  );
  const permission = changed((all) => {
    for (const [id, { Type }] of Object.entries(all)) if (Type === 'AWS::Lambda::Permission') delete all[id];
  });
  expect(() => deploy(permission)).toThrow(/^ReceiverApi\w+ would answer every request with 500 on AWS: /m);
  expect(() => deploy(permission)).toThrow(/^CanarySchedule\w+ would start nothing on AWS: /m);
});

test('a topic that is not in the template is named once, and is no error', () => {
  const given = changed((all) => {
    for (const { Type, Properties } of Object.values(all)) {
      if (Type !== 'AWS::CloudWatch::Alarm') continue;
      Properties.AlarmActions = ['arn:aws:sns:us-east-1:000000000000:Elsewhere'];
    }
  });
  expect(deploy(given).filter(({ event }) => event === 'unchecked')).toEqual([
    {
      event: 'unchecked',
      reason:
        "Whether CloudWatch may publish to arn:aws:sns:us-east-1:000000000000:Elsewhere stands in that topic's own policy, which is not in this template",
    },
  ]);
});

test('a type that is not known is an error that names the resource and what to do', () => {
  expect(() => callsOf({ ...full, Mine: { Type: 'AWS::StepFunctions::StateMachine' } })).toThrow(
    'does not know what Mine, an AWS::StepFunctions::StateMachine, calls. Add its type to local/aws/service-calls/, or leave it out of the template.',
  );
});

test('no type passes a property that is not known', () => {
  const types = [...new Set(Object.values(full).map(({ Type }) => Type))];
  expect(types.length).toBeGreaterThan(30);
  for (const type of types) {
    const resources = changed((all) => {
      first(all, type).Properties.KmsKeyOfMine = 'key';
    });
    expect(() => callsOf(resources)).toThrow(
      /does not know which permissions KmsKeyOfMine of \w+ \(AWS::\S+\) needs\. Add it to local\/aws\/service-calls\/, or leave it out of the template\.$/,
    );
  }
});

test.each<[string, string, string, (resource: Resource) => void]>([
  [
    'an action of an alarm',
    'AWS::CloudWatch::Alarm',
    'arn:aws:automate:us-east-1:ec2:stop',
    ({ Properties }) => {
      Properties.AlarmActions = ['arn:aws:automate:us-east-1:ec2:stop'];
    },
  ],
  [
    'a target of a rule',
    'AWS::Events::Rule',
    'arn:aws:sqs:us-east-1:000000000000:Q',
    ({ Properties }) => {
      Properties.Targets = [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:Q' }];
    },
  ],
  [
    'a role of a target',
    'AWS::Events::Rule',
    'Targets.RoleArn',
    ({ Properties }) => {
      Properties.Targets = [{ Id: '1', Arn: 'arn:aws:lambda:x', RoleArn: 'arn' }];
    },
  ],
  [
    'an integration',
    'AWS::ApiGatewayV2::Integration',
    'https://example.com',
    ({ Properties }) => {
      Properties.IntegrationUri = 'https://example.com';
    },
  ],
  [
    'an authorizer',
    'AWS::ApiGatewayV2::Route',
    'CUSTOM',
    ({ Properties }) => {
      Properties.AuthorizationType = 'CUSTOM';
    },
  ],
  [
    'a route for any method',
    'AWS::ApiGatewayV2::Route',
    'ANY /x',
    ({ Properties }) => {
      Properties.RouteKey = 'ANY /x';
    },
  ],
  [
    'an access log',
    'AWS::ApiGatewayV2::Stage',
    'arn:aws:firehose:x',
    ({ Properties }) => {
      Properties.AccessLogSettings = { DestinationArn: 'arn:aws:firehose:x' };
    },
  ],
  [
    'an event source',
    'AWS::Lambda::EventSourceMapping',
    'arn:aws:kinesis:x',
    ({ Properties }) => {
      Properties.EventSourceArn = 'arn:aws:kinesis:x';
    },
  ],
  [
    'a hook of a deployment',
    'AWS::Lambda::Alias',
    'UpdatePolicy.BeforeAllowTrafficHook',
    (resource) => {
      resource.UpdatePolicy = { CodeDeployLambdaAliasUpdate: { BeforeAllowTrafficHook: 'Function' } };
    },
  ],
  [
    'a processor',
    'AWS::KinesisFirehose::DeliveryStream',
    'the processor Lambda',
    ({ Properties }) => {
      Object.assign(Properties.ExtendedS3DestinationConfiguration as object, {
        ProcessingConfiguration: { Processors: [{ Type: 'Lambda' }] },
      });
    },
  ],
  [
    'a backup',
    'AWS::KinesisFirehose::DeliveryStream',
    'ExtendedS3DestinationConfiguration.S3Backup',
    ({ Properties }) => {
      Object.assign(Properties.ExtendedS3DestinationConfiguration as object, { S3BackupConfiguration: {} });
    },
  ],
  [
    'a key of a stream',
    'AWS::KinesisFirehose::DeliveryStream',
    'CUSTOMER_MANAGED_CMK',
    ({ Properties }) => {
      Properties.DeliveryStreamEncryptionConfigurationInput = { KeyType: 'CUSTOMER_MANAGED_CMK' };
    },
  ],
  [
    'a source of a stream',
    'AWS::KinesisFirehose::DeliveryStream',
    'KinesisStreamAsSource',
    ({ Properties }) => {
      Properties.DeliveryStreamType = 'KinesisStreamAsSource';
    },
  ],
  [
    'a key of an archive',
    'AWS::Events::Archive',
    'KmsKeyIdentifier',
    ({ Properties }) => {
      Properties.KmsKeyIdentifier = 'arn:aws:kms:x';
    },
  ],
  [
    'a key of a bucket',
    'AWS::S3::Bucket',
    'BucketEncryption with a key of KMS',
    ({ Properties }) => {
      const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } };
      Properties.BucketEncryption = { ServerSideEncryptionConfiguration: [rule] };
    },
  ],
  [
    'a policy of a table',
    'AWS::DynamoDB::GlobalTable',
    'Replicas.ResourcePolicy',
    ({ Properties }) => {
      Properties.Replicas = [{ Region: 'us-east-1', ResourcePolicy: {} }];
    },
  ],
  [
    'a subscription',
    'AWS::SNS::Subscription',
    'the protocol sms',
    ({ Properties }) => {
      Properties.Protocol = 'sms';
    },
  ],
])('%s that is not known is an error', (_case, type, named, change) => {
  const resources = changed((all) => change(first(all, type)));
  expect(() => callsOf(resources)).toThrow(named);
  expect(() => callsOf(resources)).toThrow('does not know which permissions');
});

describe('dead letters', () => {
  const queues = (more: object, target = 'arn:aws:sqs:us-east-1:000000000000:Dead'): Resources => ({
    Source: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: target } } },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { ...more } },
  });
  const byQueue = (...sourceQueueArns: unknown[]) => ({
    RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns },
  });

  test.each([
    ['nothing is said', {}],
    ['all are allowed', { RedriveAllowPolicy: { redrivePermission: 'allowAll' } }],
    ['the source is', byQueue({ 'Fn::GetAtt': ['Source', 'Arn'] })],
  ])('move where %s', (_case, more) => {
    expect(callsOf(queues(more))).toEqual([]);
  });

  test.each([
    [
      'none are allowed',
      queues({ RedriveAllowPolicy: { redrivePermission: 'denyAll' } }),
      'RedriveAllowPolicy',
    ],
    ['another source is', queues(byQueue('arn:aws:sqs:us-east-1:000000000000:Other')), 'RedriveAllowPolicy'],
    ['it is abroad', queues({}, 'arn:aws:sqs:eu-west-1:000000000000:Dead'), 'another account or region'],
    ['it is not there', queues({}, 'arn:aws:sqs:us-east-1:000000000000:Gone'), 'is no AWS::SQS::Queue'],
  ])('are refused where %s', (_case, resources, named) => {
    expect(() => callsOf(resources)).toThrow(named);
  });
});

test('a function with a log group of its own making needs to make it', () => {
  const resources = changed((all) => {
    for (const { Type, Properties } of Object.values(all)) {
      if (Type === 'AWS::Lambda::Function') delete Properties.LoggingConfig;
    }
  });
  expect(() => deploy(resources)).toThrow(
    /would log nothing on AWS: \S+ is not authorized to perform: logs:CreateLogGroup/,
  );
});
