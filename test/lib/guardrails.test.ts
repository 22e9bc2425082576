import { App, type CfnResource, Duration, Stage, Validations } from 'aws-cdk-lib';
import {
  CfnEventSourceMapping,
  type CfnFunction,
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { readSettings } from '../../lib/config.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';
import { createStack } from '../support/template.ts';

// Bundling takes nearly all the time of a synthesis, and the guardrails do not look at code.
jest.mock('../../lib/bundle.ts', () => ({
  bundle: () => ({ code: Code.fromInline('export const handler = null;'), version: 'any' }),
}));

const resource = <Type extends CfnResource>(construct: IConstruct) => construct.node.defaultChild as Type;
const queue = ({ workers }: WebhookStack) => resource<CfnQueue>(workers.inbound.queue);
const deadLetters = ({ workers }: WebhookStack) => resource<CfnQueue>(workers.inbound.deadLetterQueue);
const worker = ({ workers }: WebhookStack) => resource<CfnFunction>(workers.inbound.function);
const mapping = ({ workers }: WebhookStack) =>
  workers.inbound.node.findAll().find((each) => CfnEventSourceMapping.isCfnEventSourceMapping(each));

/** A function that a user adds. */
function addFunction(stack: WebhookStack, options: FunctionOptions = {}): LambdaFunction {
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
  // The memory grows with it.
  { maxEventAgeSeconds: 2_592_000 },
])('the stack passes with %j', (settings) => {
  expect(refusal(createStack(settings))).toBe('');
});

const cases: [rule: string, how: string, fault: (stack: WebhookStack) => void, sentence: string][] = [
  [
    'reserved-concurrency',
    'on a worker',
    (stack) => worker(stack).addPropertyOverride('ReservedConcurrentExecutions', 5),
    'Test/Inbound/Function takes from an SQS queue and has reserved concurrency: SQS counts what it throttles as an attempt, so good messages end among the dead letters. Remove it, and set maxConcurrency on the event source.',
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
    "Test/Inbound/Queue hides a message for 179 s while Test/Inbound/Function may work for 30 s: a message could come back while it is being handled. Set visibilityTimeout to 180 s or more (six timeouts and the batching window), or shorten the function's timeout.",
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
    'Test/Inbound/Queue hides a message for 30 s',
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
    "Test/Inbound/DeadLetterQueue keeps messages for 4 days, and Test/Inbound/Queue for 4 days: the time in both counts, so a dead letter could be gone before anybody looks. Set the dead-letter queue's retentionPeriod to 14 days.",
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
    'by a shorter memory',
    ({ workers }) => workers.inbound.function.addEnvironment('IDEMPOTENCY_EXPIRY_SECONDS', '86400'),
    'Test/Inbound/Function remembers a handled event for 1 days, and copies of it can live for 22.22 days: a late one would be handled again. Set IDEMPOTENCY_EXPIRY_SECONDS to 1920060 or more, or shorten the retention of Test/Inbound/Queue.',
  ],
  [
    'idempotency-expiry',
    'by a longer queue',
    (stack) => queue(stack).addPropertyOverride('MessageRetentionPeriod', 13 * 86_400),
    'copies of it can live for 40.22 days',
  ],
  [
    'event-age',
    'by an age that outlives the memory',
    ({ receiver }) => receiver.function.addEnvironment('MAX_EVENT_AGE_SECONDS', String(30 * 86_400)),
    'Test/Receiver/Function takes events up to 30 days old, which can live for 52 days in all, and Test/Inbound/Function remembers one for 23.22 days: one that it has forgotten could be replayed, and handled again. Lower MAX_EVENT_AGE_SECONDS (maxEventAgeSeconds), or set IDEMPOTENCY_EXPIRY_SECONDS to 4492800 or more.',
  ],
  [
    'event-age',
    'by a second more than the memory has room for',
    // What the memory has beyond the life of a copy: Zavu's longest ladder, and a day.
    ({ receiver }) => receiver.function.addEnvironment('MAX_EVENT_AGE_SECONDS', String(321 * 60 + 86_401)),
    'Test/Receiver/Function takes events up to 1.22 days old',
  ],
  [
    'plain-text-secret',
    "of Zavu's",
    ({ workers }) => workers.inbound.function.addEnvironment('SENDERS', '["whsec_abc"]'),
    'Test/Inbound/Function has a secret in plain text in SENDERS: all who may read its configuration or the template can read it. Store it in Secrets Manager, pass its ARN, grant the function to read it, and fetch it there.',
  ],
  ...['CRM_API_KEY', 'apiKey', 'CLIENT_SECRET', 'SLACK_TOKEN', 'DB_PASSWORD'].map(
    (name): (typeof cases)[number] => [
      'plain-text-secret',
      `in ${name}`,
      ({ workers }) => workers.inbound.function.addEnvironment(name, 'hunter2'),
      `in plain text in ${name}:`,
    ],
  ),
  [
    'plain-text-secret',
    'that the deployment would fill in',
    ({ workers, receiver }) =>
      workers.inbound.function.addEnvironment('CRM', receiver.secret.secretValue.unsafeUnwrap()),
    'in plain text in CRM:',
  ],
  [
    'plain-text-secret',
    'that the deployment would fill in from Parameter Store',
    ({ workers }) => workers.inbound.function.addEnvironment('CRM', '{{resolve:ssm-secure:crm}}'),
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
    'Test/Inbound/Function leaves its log group to Lambda, which creates one that keeps its logs for ever. Pass it a LogGroup with a retention as logGroup.',
  ],
];

test.each(cases)('%s is refused %s', (rule, _how, fault, sentence) => {
  const stack = createStack();
  fault(stack);
  const refused = refusal(stack);
  expect(refused).toContain(sentence);
  expect([...refusing(refused)]).toEqual([rule]);
  expect(refused).not.toMatch(/whsec_|hunter2/);
});

test.each<[what: string, addition: (stack: WebhookStack) => void]>([
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
    ({ workers, receiver }) =>
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
  const { inbound, delivery } = stack.workers;
  for (const { function: each } of [inbound, delivery]) each.addEnvironment('PAGE_TOKEN', 'first');
  Validations.of(inbound.function).acknowledge({
    id: 'Guardrails::plain-text-secret',
    reason: 'Where paging starts; it opens nothing.',
  });
  const refused = refusal(stack);
  expect(refused).toContain('Test/Delivery/Function has a secret');
  expect(refused).not.toContain('Test/Inbound/Function has a secret');
});

test('each stack of an app is judged by itself, in a stage too', () => {
  const app = new App();
  const europe = new Stage(app, 'Europe');
  const settings = readSettings(app.node);
  const faulty = new WebhookStack(europe, 'Test', { settings });
  new WebhookStack(europe, 'Second', { settings });
  worker(faulty).addPropertyOverride('ReservedConcurrentExecutions', 5);
  const refused = refusal(app);
  expect(refused).toContain('ERROR Europe/Test/Inbound/Function takes from');
  expect(refused.match(/Guardrails::/g)).toHaveLength(1);
});
