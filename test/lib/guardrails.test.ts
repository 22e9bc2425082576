import type { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import {
  type CfnEventSourceMapping,
  type CfnFunction,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { WebhookStack } from '../../lib/webhook-stack.ts';
import { createStack, synthesize } from '../support/template.ts';

/** The inbound worker's resources, as CloudFormation has them: what an override changes last. */
function inbound({ workers }: WebhookStack) {
  const { node, queue, deadLetterQueue, function: worker } = workers.inbound;
  const mapping = node.findAll().find((construct) => construct instanceof EventSourceMapping);
  return {
    queue: queue.node.defaultChild as CfnQueue,
    deadLetterQueue: deadLetterQueue.node.defaultChild as CfnQueue,
    worker: worker.node.defaultChild as CfnFunction,
    mapping: mapping?.node.defaultChild as CfnEventSourceMapping,
  };
}

/** What synthesis says, without line breaks; nothing where it succeeds. */
function refusal(stack: WebhookStack): string {
  try {
    (stack.node.root as App).synth();
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(/\s+/g, ' ');
  }
}

test.each([{ stage: 'dev' }, { stage: 'prod' }, { queueRetentionDays: 13 }, { workerTimeoutSeconds: 900 }])(
  '%j synthesizes',
  (settings) => {
    expect(refusal(createStack(settings))).toBe('');
  },
);

const days = 86_400;

test.each<[string, (stack: WebhookStack) => void, string]>([
  [
    'reserved-concurrency',
    (stack) => inbound(stack).worker.addPropertyOverride('ReservedConcurrentExecutions', 5),
    'Test/Inbound/Function takes from an SQS queue and has reserved concurrency',
  ],
  [
    'visibility-timeout',
    (stack) => inbound(stack).queue.addPropertyOverride('VisibilityTimeout', 179),
    'Test/Inbound/Queue hides a message for 179 s while Test/Inbound/Function may work for 30 s',
  ],
  [
    'visibility-timeout',
    (stack) => inbound(stack).mapping.addPropertyOverride('MaximumBatchingWindowInSeconds', 1),
    'Set visibilityTimeout to 181 s or more',
  ],
  [
    'batch-item-failures',
    (stack) => inbound(stack).mapping.addPropertyDeletionOverride('FunctionResponseTypes'),
    'does not ask which messages of a batch failed',
  ],
  [
    'dead-letter-retention',
    (stack) => inbound(stack).deadLetterQueue.addPropertyOverride('MessageRetentionPeriod', 4 * days),
    'Test/Inbound/DeadLetterQueue keeps messages for 4 days, and Test/Inbound/Queue for 4 days',
  ],
  [
    'idempotency-expiry',
    (stack) =>
      inbound(stack).worker.addPropertyOverride(
        'Environment.Variables.IDEMPOTENCY_EXPIRY_SECONDS',
        String(22 * days),
      ),
    'Test/Inbound/Function remembers a handled event for 22 days, and copies of it can live for 22.22 days',
  ],
  [
    'plain-text-secret',
    (stack) => inbound(stack).worker.addPropertyOverride('Environment.Variables.CRM_API_KEY', 'abc123'),
    'Test/Inbound/Function has a secret in plain text in CRM_API_KEY',
  ],
  [
    'plain-text-secret',
    (stack) => inbound(stack).worker.addPropertyOverride('Environment.Variables.CRM', 'whsec_abc123'),
    'Test/Inbound/Function has a secret in plain text in CRM',
  ],
  ['log-retention', (stack) => new CfnLogGroup(stack, 'OwnLogs', {}), 'Test/OwnLogs keeps its logs for ever'],
  [
    'log-group',
    (stack) => inbound(stack).worker.addPropertyDeletionOverride('LoggingConfig'),
    'Test/Inbound/Function leaves its log group to Lambda',
  ],
])('%s fails the synthesis with a sentence: %#', (rule, breakIt, sentence) => {
  const stack = createStack();
  breakIt(stack);
  const said = refusal(stack);
  expect(said).toContain(`Guardrails::${rule}`);
  expect(said).toContain(sentence);
  expect(said).not.toContain('abc123');
});

test("a function of a user's own is judged too", () => {
  const stack = createStack();
  new LambdaFunction(stack, 'Own', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    environment: { PAYMENT_TOKEN: 'abc123' },
  });
  expect(refusal(stack)).toContain('Test/Own has a secret in plain text in PAYMENT_TOKEN');
});

test('ids, references and numbers beside a secret are none', () => {
  const stack = createStack();
  const { worker } = inbound(stack);
  worker.addPropertyOverride('Environment.Variables.SIGNING_SECRET_ID', 'zavu/dev');
  worker.addPropertyOverride('Environment.Variables.TOKEN_TTL_SECONDS', '60');
  worker.addPropertyOverride(
    'Environment.Variables.CRM_SECRET',
    'arn:aws:secretsmanager:eu-west-1:1:secret:x',
  );
  expect(refusal(stack)).toBe('');
  synthesize().hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { SIGNING_SECRET_ID: Match.anyValue() } },
  });
});
