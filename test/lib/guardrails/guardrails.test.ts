import {
  App,
  Aws,
  CfnOutput,
  CfnParameter,
  type CfnResource,
  Duration,
  RemovalPolicy,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { CfnIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnAlarm, CfnCompositeAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, type RuleProps, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventSourceMapping,
  type CfnFunction,
  CfnPermission,
  Code,
  type FunctionOptions,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type CfnLogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import { readSettings } from '../../../lib/settings/settings.ts';
import { WebhookStack } from '../../../lib/webhook-stack.ts';
import { everySetting } from '../../cfn-lint/every-setting.ts';
import { handlers } from '../../support/handlers.ts';
import { createStack, type TestStack } from '../../support/template.ts';

const resource = <Type extends CfnResource>(construct: IConstruct) => construct.node.defaultChild as Type;
const queue = ({ zavu: { workers } }: TestStack) => resource<CfnQueue>(workers.inbound.queue);
const deadLetters = ({ zavu: { workers } }: TestStack) => resource<CfnQueue>(workers.inbound.deadLetterQueue);
const worker = ({ zavu: { workers } }: TestStack) => resource<CfnFunction>(workers.inbound.function);
const mapping = ({ zavu: { workers } }: TestStack) =>
  workers.inbound.node.findAll().find((each) => CfnEventSourceMapping.isCfnEventSourceMapping(each));

/** A function that a user adds. */
function addFunction(stack: TestStack, options: FunctionOptions = {}): LambdaFunction {
  return new LambdaFunction(stack, 'Own', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    ...options,
  });
}

/** What synthesis refuses a construct's app with, in one line. */
function refusal({ node }: IConstruct): string {
  try {
    (node.root as App).synth();
  } catch (error) {
    return (error as Error).message.replaceAll(/\s+/g, ' ');
  }
  return '';
}

/** The rules that refuse it. */
const refusing = (text: string) => new Set(text.match(/(?<=Guardrails::)[a-z-]+/g));

test.each([
  { stage: 'dev' },
  { stage: 'prod' },
  { queueRetentionDays: 13 },
  { workerTimeoutSeconds: 900 },
  // The idempotency expiry grows with it.
  { maxEventAgeSeconds: 2_592_000 },
  { stage: 'prod', ...everySetting },
  { noTrafficAlarmHours: 168, canary: 'true', gradualDeployment: 'true' },
  { gradualDeployment: 'at_once' },
])('the stack passes with %j', (settings) => {
  expect(refusal(createStack(settings))).toBe('');
});

const cases: [rule: string, how: string, fault: (stack: TestStack) => void, sentence: string][] = [
  [
    'reserved-concurrency',
    'on a worker',
    (stack) => worker(stack).addPropertyOverride('ReservedConcurrentExecutions', 5),
    'Test/Default/InboundWorker/Function takes from an SQS queue and has reserved concurrency: SQS counts a receive for each message that Lambda throttles, so good messages become dead letters. Remove it, and set maxConcurrency on the event source.',
  ],
  [
    'reserved-concurrency',
    'on a function of a user, through its alias, that takes from an imported queue',
    (stack) => {
      const imported = Queue.fromQueueArn(stack, 'Imported', 'arn:aws:sqs:eu-west-1:123456789012:orders');
      const live = addFunction(stack, { reservedConcurrentExecutions: 5 }).addAlias('live');
      live.addEventSource(new SqsEventSource(imported, { reportBatchItemFailures: true }));
    },
    'Test/Own takes from an SQS queue and has reserved concurrency',
  ],
  [
    'visibility-timeout',
    'by a shorter one',
    (stack) => queue(stack).addPropertyOverride('VisibilityTimeout', 179),
    "Test/Default/InboundWorker/Queue hides a message for 179 s while Test/Default/InboundWorker/Function may work for 30 s: a message could come back while it is being handled. Set visibilityTimeout to 180 s or more (six timeouts and the batching window), or shorten the function's timeout.",
  ],
  [
    'visibility-timeout',
    'by a longer function',
    (stack) => worker(stack).addPropertyOverride('Timeout', 31),
    'Set visibilityTimeout to 186 s or more',
  ],
  [
    'visibility-timeout',
    'by a batching window',
    (stack) => mapping(stack)?.addPropertyOverride('MaximumBatchingWindowInSeconds', 1),
    'Set visibilityTimeout to 181 s or more',
  ],
  [
    'visibility-timeout',
    'by the default of a queue',
    (stack) => queue(stack).addPropertyDeletionOverride('VisibilityTimeout'),
    'Test/Default/InboundWorker/Queue hides a message for 30 s',
  ],
  [
    'batch-item-failures',
    'on a worker',
    (stack) => mapping(stack)?.addPropertyDeletionOverride('FunctionResponseTypes'),
    'does not ask which messages of a batch failed: after one failure the others are handled again. Set reportBatchItemFailures on the event source, and return batchItemFailures from the function.',
  ],
  [
    'batch-item-failures',
    'on a function of a user',
    (stack) => {
      const added = new Queue(stack, 'Added', { enforceSSL: true });
      addFunction(stack).addEventSource(new SqsEventSource(added));
    },
    'Test/Own/SqsEventSource:TestAdded',
  ],
  [
    'dead-letter-retention',
    'as long as the queue',
    (stack) => deadLetters(stack).addPropertyOverride('MessageRetentionPeriod', 4 * 86_400),
    "Test/Default/InboundWorker/DeadLetterQueue keeps messages for 4 days, and Test/Default/InboundWorker/Queue for 4 days: SQS counts the retention of a dead letter from its first send, so it could be deleted before anybody looks. Set the dead-letter queue's retentionPeriod to 14 days.",
  ],
  [
    'dead-letter-retention',
    'as long as the queue, by default, in L1',
    (stack) => {
      const { attrArn } = new CfnQueue(stack, 'AddedDeadLetters');
      new CfnQueue(stack, 'Added', { redrivePolicy: { deadLetterTargetArn: attrArn, maxReceiveCount: 5 } });
    },
    'Test/AddedDeadLetters keeps messages for 4 days, and Test/Added for 4 days',
  ],
  [
    'idempotency-expiry',
    'by records that are kept for less',
    ({ zavu: { workers } }) => workers.inbound.function.addEnvironment('IDEMPOTENCY_EXPIRY_SECONDS', '86400'),
    'Test/Default/InboundWorker/Function keeps the idempotency record of a handled event for 1 days, and duplicates of it can arrive for 22.22 days: a late one would be handled again. Set IDEMPOTENCY_EXPIRY_SECONDS to 1920060 or more, or shorten the retention of Test/Default/InboundWorker/Queue.',
  ],
  [
    'idempotency-expiry',
    'by a longer queue',
    (stack) => queue(stack).addPropertyOverride('MessageRetentionPeriod', 13 * 86_400),
    'duplicates of it can arrive for 40.22 days',
  ],
  [
    'event-age',
    'by an age that outlives the records',
    ({ zavu: { receiver } }) =>
      receiver.function.addEnvironment('MAX_EVENT_AGE_SECONDS', String(30 * 86_400)),
    'Test/Default/Receiver/Function takes events up to 30 days old, which can live for 52 days in all, and Test/Default/InboundWorker/Function keeps the idempotency record of one for 23.22 days: after that it could be replayed, and handled again. Lower MAX_EVENT_AGE_SECONDS (maxEventAgeSeconds), or set IDEMPOTENCY_EXPIRY_SECONDS to 4492800 or more.',
  ],
  [
    'event-age',
    'by a second more than the idempotency expiry covers',
    // What the expiry has beyond the life of a duplicate: Zavu's longest ladder, and a day.
    ({ zavu: { receiver } }) =>
      receiver.function.addEnvironment('MAX_EVENT_AGE_SECONDS', String(longestLadder.seconds + 86_401)),
    'Test/Default/Receiver/Function takes events up to 1.22 days old',
  ],
  [
    'plain-text-secret',
    "of Zavu's",
    ({ zavu: { workers } }) => workers.inbound.function.addEnvironment('SENDERS', '["whsec_abc"]'),
    'Test/Default/InboundWorker/Function has a secret in plain text in SENDERS: all who may read its configuration or the template can read it. Store it in Secrets Manager, pass its ARN, grant the function to read it, and fetch it there.',
  ],
  ...['CRM_API_KEY', 'apiKey', 'CLIENT_SECRET', 'SLACK_TOKEN', 'DB_PASSWORD'].map(
    (name): (typeof cases)[number] => [
      'plain-text-secret',
      `in ${name}`,
      ({ zavu: { workers } }) => workers.inbound.function.addEnvironment(name, 'hunter2'),
      `in plain text in ${name}:`,
    ],
  ),
  [
    'plain-text-secret',
    'that the deployment would fill in',
    ({ zavu: { workers, receiver } }) =>
      workers.inbound.function.addEnvironment('CRM', receiver.secret.secretValue.unsafeUnwrap()),
    'in plain text in CRM:',
  ],
  [
    'plain-text-secret',
    'that the deployment would fill in from Parameter Store',
    ({ zavu: { workers } }) => workers.inbound.function.addEnvironment('CRM', '{{resolve:ssm-secure:crm}}'),
    'in plain text in CRM:',
  ],
  [
    'log-retention',
    'on a log group of a user',
    (stack) => new LogGroup(stack, 'Logs', { retention: RetentionDays.INFINITE }),
    'Test/Logs keeps its logs for ever, and their cost grows. Set its retention, as settings.logRetentionDays does.',
  ],
  [
    'log-group',
    'on a worker',
    (stack) => worker(stack).addPropertyDeletionOverride('LoggingConfig'),
    'Test/Default/InboundWorker/Function leaves its log group to Lambda, which creates one that keeps its logs for ever. Pass it a LogGroup with a retention as logGroup.',
  ],
];

/** Permits API Gateway to call a function that a user adds, and has it called. */
function addIntegration(stack: TestStack): { permission: CfnPermission; integration: CfnIntegration } {
  const { functionName, functionArn } = addFunction(stack);
  const permission = new CfnPermission(stack, 'MayCall', {
    functionName,
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
  });
  const integration = new CfnIntegration(stack, 'Call', {
    apiId: stack.zavu.receiver.api.apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: functionArn,
  });
  return { permission, integration };
}

const metric = { namespace: 'Own', metricName: 'Lost' };
const deployment: typeof cases = [
  [
    'wide-name',
    'on a dashboard',
    (stack) => new CfnDashboard(stack, 'Own', { dashboardBody: '{}', dashboardName: 'webhooks' }),
    'Test/Own has a name that must be the only one in the whole account, in all regions: a second stack could not be deployed. Leave DashboardName out, or put the region into it (Aws.REGION).',
  ],
  [
    'wide-name',
    'on our dashboard, by the name of the stack alone',
    (stack) =>
      resource<CfnDashboard>(
        stack.zavu.node.findChild('Dashboard').node.findChild('Resource'),
      ).addPropertyOverride('DashboardName', { Ref: 'AWS::StackName' }),
    'Test/Default/Dashboard/Resource has a name',
  ],
  [
    'wide-name',
    'on a role',
    (stack) =>
      new Role(stack, 'Own', { roleName: 'crm', assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    'Test/Own has a name',
  ],
  [
    'wide-name',
    'on a bucket, with the region alone',
    (stack) => new CfnBucket(stack, 'Own', { bucketName: `orders-${Aws.REGION}` }),
    'Test/Own has a name that must be the only one in the whole world, in all regions: a second stack could not be deployed. Leave BucketName out, or put the region and the account into it (Aws.REGION, Aws.ACCOUNT_ID).',
  ],
  [
    'retained-on-create',
    'with a fixed name',
    (stack) =>
      new Queue(stack, 'Own', { queueName: 'orders', enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN }),
    'Test/Own stays behind if the deployment that creates it fails, and its QueueName is in the way of the next one. Set its removalPolicy to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE or DESTROY, or leave QueueName out.',
  ],
  [
    'access-log-group',
    'by its own name',
    ({ zavu: { receiver } }) =>
      resource<CfnLogGroup>(receiver.accessLogs).addPropertyDeletionOverride('LogGroupName'),
    'Test/Default/Receiver/AccessLogs takes the access log of Test/Default/Receiver/Stage, and its name does not begin with /aws/vendedlogs/',
  ],
  [
    'access-log-group',
    'by a name that has the folder elsewhere',
    ({ zavu: { receiver } }) =>
      resource<CfnLogGroup>(receiver.accessLogs).addPropertyOverride('LogGroupName', 'own/aws/vendedlogs/x'),
    'and its name does not begin with /aws/vendedlogs/',
  ],
  [
    'permission-first',
    'where the receiver is called before it may be',
    ({ zavu: { receiver } }) => {
      const integration = receiver.api.node.findAll().find((each) => CfnIntegration.isCfnIntegration(each));
      integration?.addOverride('DependsOn', undefined);
    },
    'may call Test/Default/Receiver/Function before its permission exists: while a deployment changes both, requests are answered 500.',
  ],
  [
    'permission-first',
    'on an integration of a user',
    (stack) => addIntegration(stack),
    'Test/Call may call Test/Own before its permission exists',
  ],
  [
    'asynchronous-retries',
    'on a schedule of a user',
    (stack) => new Rule(stack, 'Nightly', nightly(addFunction(stack))),
    'Test/Nightly invokes Test/Own asynchronously, so Lambda tries an error twice more, whatever the retries of Test/Nightly are.',
  ],
  [
    'asynchronous-retries',
    'where it is said of the function, and its alias is called',
    (stack) => {
      const own = addFunction(stack);
      own.configureAsyncInvoke({ retryAttempts: 0 });
      new Rule(stack, 'Nightly', nightly(own.addAlias('live') as IFunction));
    },
    'Test/Nightly invokes Test/Own/Aliaslive asynchronously',
  ],
  [
    'alarm-window',
    'by more than a day of minutes',
    (stack) => new CfnAlarm(stack, 'Own', { ...alarm(1_441, 60), ...metric }),
    'Test/Own looks at 1441 periods of 60 s, and CloudWatch looks back one day at most: it would refuse the alarm. Lower evaluationPeriods to 1440 or less.',
  ],
  [
    'alarm-window',
    'by more than a week of hours, in metric math',
    (stack) =>
      new CfnAlarm(stack, 'Own', {
        ...alarm(169),
        metrics: [{ id: 'm1', metricStat: { metric, period: 3_600, stat: 'Sum' } }],
      }),
    'looks back seven days at most',
  ],
  [
    'alarm-metrics',
    'by an eleventh metric',
    (stack) => {
      const metrics = Array.from({ length: 11 }, (_, index) => ({
        id: `m${index}`,
        metricStat: { metric, period: 60, stat: 'Sum' },
        returnData: false,
      }));
      const sum = { id: 'sum', expression: 'SUM(METRICS())' };
      new CfnAlarm(stack, 'Own', { ...alarm(1), metrics: [sum, ...metrics] });
    },
    'Test/Own looks at 11 metrics, and CloudWatch takes 10 for an alarm: it would refuse the alarm.',
  ],
  [
    'alarm-text',
    'by a name that is longer once it is deployed',
    (stack) => {
      // With the logical id it is short enough: 1,020 characters.
      const alarmDescription = 'x'.repeat(1_000) + stack.zavu.workers.inbound.queue.queueName;
      new CfnAlarm(stack, 'Own', { ...alarm(1, 60), ...metric, alarmDescription });
    },
    "and CloudWatch takes 1024: it would refuse the alarm. Shorten its impact, because or next, the setting runbookUrl, or the stack's name.",
  ],
  [
    'composite-rule',
    'by more than a hundred alarms',
    (stack) => {
      const parts = Array.from(
        { length: 101 },
        (_, index) => new CfnAlarm(stack, `Part${index}`, { ...alarm(1, 60), ...metric }).ref,
      );
      new CfnCompositeAlarm(stack, 'Own', { alarmRule: parts.map((ref) => `ALARM("${ref}")`).join(' OR ') });
    },
    'characters about 101 alarms, and CloudWatch takes 10240 characters and 100 alarms: it would refuse the alarm.',
  ],
  [
    'composite-rule',
    'by more than 10,240 characters',
    (stack) => {
      const parts = Array.from(
        { length: 99 },
        (_, index) => new CfnAlarm(stack, `Part${index}`, { ...alarm(1, 60), ...metric }).attrArn,
      );
      const alarmRule = parts.map((arn) => `INSUFFICIENT_DATA("${arn}")`).join(' OR ');
      new CfnCompositeAlarm(stack, 'Own', { alarmRule });
    },
    'characters about 99 alarms, and CloudWatch takes 10240 characters',
  ],
  [
    'ascii',
    'in a resource',
    ({ zavu: { workers } }) =>
      resource<CfnFunction>(workers.inbound.function).addPropertyOverride('Description', 'Handles …'),
    'Test/Default/InboundWorker/Function has a character that is not ASCII (U+2026) in Description: CloudFormation would put a question mark in its place. Write it in ASCII.',
  ],
  [
    'ascii',
    'in an output',
    (stack) => new CfnOutput(stack, 'Own', { value: 'café' }),
    'Outputs has a character that is not ASCII (U+00E9) in Own/Value',
  ],
];

/** The properties of an alarm that count here. */
function alarm(evaluationPeriods: number, period?: number) {
  const comparisonOperator = 'GreaterThanThreshold';
  return {
    comparisonOperator,
    evaluationPeriods,
    threshold: 1,
    ...(period ? { period, statistic: 'Sum' } : {}),
  };
}

/** A schedule that invokes a function. */
function nightly(fn: IFunction): RuleProps {
  return { schedule: Schedule.rate(Duration.days(1)), targets: [new LambdaTarget(fn)] };
}

test.each([...cases, ...deployment])('%s is refused %s', (rule, _how, fault, sentence) => {
  const stack = createStack({ dashboard: 'true' });
  fault(stack);
  const refused = refusal(stack);
  expect(refused).toContain(sentence);
  expect([...refusing(refused)]).toEqual([rule]);
  expect(refused).not.toMatch(/whsec_|hunter2/);
});

test.each<[what: string, addition: (stack: TestStack) => void]>([
  [
    'a worker of a user that does as ours do',
    (stack) => {
      const added = new Queue(stack, 'Added', { visibilityTimeout: Duration.seconds(18) });
      addFunction(stack).addEventSource(new SqsEventSource(added, { reportBatchItemFailures: true }));
    },
  ],
  [
    'reserved concurrency where no queue is behind',
    (stack) => addFunction(stack, { reservedConcurrentExecutions: 5 }),
  ],
  [
    'names, ids and times of secrets',
    ({ zavu: { workers, receiver } }) =>
      Object.entries({
        SIGNING_SECRET_ID: receiver.secret.secretName,
        API_TOKEN: receiver.secret.secretArn,
        CRM_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm-AbCdEf',
        CRM_SECRET_NAME: 'crm',
        TOKEN_TTL_SECONDS: '60',
        SECRET_PREFIX: 'whsec_',
      }).map(([name, value]) => workers.inbound.function.addEnvironment(name, value)),
  ],
  [
    'names with the region, and names that CloudFormation makes',
    (stack) => {
      new CfnDashboard(stack, 'Named', { dashboardBody: '{}', dashboardName: `own-${Aws.REGION}` });
      new CfnDashboard(stack, 'Unnamed', { dashboardBody: '{}' });
      new CfnBucket(stack, 'Bucket', { bucketName: `own-${Aws.ACCOUNT_ID}-${Aws.REGION}` });
      new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      const { valueAsString: roleName } = new CfnParameter(stack, 'Name');
      new Role(stack, 'Told', { roleName, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    },
  ],
  [
    'what stays behind with a name of its own',
    (stack) => new Queue(stack, 'Own', { enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN }),
  ],
  [
    'an integration that waits for its permission',
    (stack) => {
      const { permission, integration } = addIntegration(stack);
      integration.node.addDependency(permission);
    },
  ],
  [
    'a schedule whose function says how often it is tried',
    (stack) => {
      const own = addFunction(stack);
      own.configureAsyncInvoke({ retryAttempts: 1 });
      new Rule(stack, 'Nightly', nightly(own));
    },
  ],
  [
    'a schedule whose alias says how often it is tried',
    (stack) => {
      const live = addFunction(stack).addAlias('live');
      live.configureAsyncInvoke({ retryAttempts: 1 });
      new Rule(stack, 'Nightly', nightly(live as IFunction));
    },
  ],
  [
    'alarms that look back as far as CloudWatch does',
    (stack) => {
      new CfnAlarm(stack, 'Day', { ...alarm(1_440, 60), ...metric });
      new CfnAlarm(stack, 'Week', { ...alarm(168, 3_600), ...metric });
    },
  ],
  [
    'values that only the deployment knows',
    (stack) => {
      const imported = { 'Fn::ImportValue': 'Elsewhere' };
      queue(stack).addPropertyOverride('VisibilityTimeout', imported);
      queue(stack).addPropertyOverride('MessageRetentionPeriod', imported);
    },
  ],
])('%s: passes', (_what, addition) => {
  const stack = createStack();
  addition(stack);
  expect(refusing(refusal(stack)).size).toBe(0);
});

test('what is acknowledged with a reason passes, and nothing else', () => {
  const stack = createStack();
  const { inbound, delivery } = stack.zavu.workers;
  for (const { function: each } of [inbound, delivery]) each.addEnvironment('PAGE_TOKEN', 'first');
  Validations.of(inbound.function).acknowledge({
    id: 'Guardrails::plain-text-secret',
    reason: 'Where paging starts; it opens nothing.',
  });
  const refused = refusal(stack);
  expect(refused).toContain('Test/Default/DeliveryWorker/Function has a secret');
  expect(refused).not.toContain('Test/Default/InboundWorker/Function has a secret');
});

test('the alarms of a stack with a long name and a long address of its runbook are not too long', () => {
  const context = {
    ...{ noTrafficAlarmHours: '168', canary: 'true', archive: 'true', dashboard: 'true', reconcile: 'true' },
    runbookUrl: `https://${'x'.repeat(192)}`,
  };
  const app = new App({ context });
  new WebhookStack(app, 'A'.repeat(60), { handlers, settings: readSettings(app.node) });
  expect(refusal(app)).toBe('');
});

test('each stack of an app is judged by itself, in a stage too', () => {
  const app = new App();
  const europe = new Stage(app, 'Europe');
  const settings = readSettings(app.node);
  const faulty = new WebhookStack(europe, 'Test', { handlers, settings });
  new WebhookStack(europe, 'Second', { handlers, settings });
  worker(faulty).addPropertyOverride('ReservedConcurrentExecutions', 5);
  const refused = refusal(app);
  expect(refused).toContain('ERROR Europe/Test/Default/InboundWorker/Function takes from');
  expect(refused.match(/Guardrails::/g)).toHaveLength(1);
});
