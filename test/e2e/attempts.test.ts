import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { eventually } from '../support/eventually.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import { sqsAt } from '../support/sqs.ts';
import { StartedStack } from '../support/started-stack.ts';
import { quickSettings } from '../support/test-timing.ts';
import { inbound } from '../support/webhook.ts';
import { orders } from './orders.ts';
import { oddities } from './scripted-handlers.ts';

/** An attempt is a run of the handler. There is one more than there are waits between them. */
const attempts = quickSettings.retryDelaysSeconds.split(',').length + 1;

/** Puts events into a worker's queue in one call, so that they come in one batch as far as SQS will. */
async function enqueueTogether(
  stack: StartedStack,
  queue: string,
  events: readonly object[],
  receivedAt?: string,
): Promise<void> {
  const sqs = sqsAt(stack.ready.endpoints.sqs, stack.ready.credentials);
  const [, QueueUrl] = Object.entries(stack.ready.queues).find(([id]) => id.startsWith(queue)) ?? [];
  const Entries = events.map((event, index) => {
    const MessageBody = JSON.stringify(event);
    stack.confide(MessageBody);
    const MessageAttributes = receivedAt && { receivedAt: { DataType: 'Number', StringValue: receivedAt } };
    return { Id: String(index), MessageBody, ...(MessageAttributes && { MessageAttributes }) };
  });
  try {
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  } finally {
    sqs.destroy();
  }
}

const delivery = (text: string) => ({ ...inbound(text), type: 'message.delivered' });
const template = (text: string) => ({ ...inbound(text), type: 'template.approved' });

const timeoutSeconds = Number(quickSettings.workerTimeoutSeconds);

let faulty: FaultyStack;
/** What dies or hangs is hidden for long, so that all batches go at once, and each test looks at its own. */
const killer = inbound(orders.die);
const besideKiller = Array.from({ length: 9 }, () => inbound(orders.slow));
const hanging = delivery(orders.hang);
const besideHanging = Array.from({ length: 9 }, () => delivery('hello'));
/** An attribute that a message keeps as a dead letter. */
const receivedAt = '1795000000000';
const odd = [...oddities.keys()].map(template);
const besideOdd = template('hello');
/** More than a comparison with the schema may have room for. */
const endless = template('hello');
Object.assign(endless.data, { content: { contacts: Array.from({ length: 150_000 }, () => 1) } });

beforeAll(async () => {
  faulty = await FaultyStack.start({});
  const { stack } = faulty;
  await Promise.all([
    enqueueTogether(stack, 'InboundWorkerQueue', [
      ...besideKiller.slice(0, 4),
      killer,
      ...besideKiller.slice(4),
    ]),
    enqueueTogether(stack, 'DeliveryWorkerQueue', [hanging, ...besideHanging], receivedAt),
    enqueueTogether(stack, 'TemplatesWorkerQueue', [...odd, endless, besideOdd]),
  ]);
});
afterAll(() => faulty?.stop());

/** Expects of events that no other event has done them harm. */
async function expectHandled(stack: StartedStack, events: readonly { id: string }[]): Promise<void> {
  for (const { id } of events) {
    await stack.until(id, ['handled']);
    expect(stack.of(id, 'handled')).toHaveLength(1);
    expect(stack.of(id, 'dead_lettered')).toHaveLength(0);
  }
}

/**
 * Expects the same of events whose function may have died with another one. If it died when an event was recorded as
 * handled and before it said so, only a duplicate says so.
 */
async function expectHandledBesideDeath(
  stack: StartedStack,
  events: readonly { id: string }[],
): Promise<void> {
  for (const { id } of events) {
    await stack.until(id, ['handled', 'duplicate']);
    expect(stack.of(id, 'handled').length).toBeLessThanOrEqual(1);
    expect(stack.of(id, 'dead_lettered')).toHaveLength(0);
    expect(stack.effects(id)).not.toEqual([]);
  }
}

/** Reports of a worker's function, whose invocation gave no result. */
const failures = ({ reports }: StartedStack, worker: string) =>
  reports.filter(({ event, function: of }) => event === 'failed' && of?.startsWith(worker));

describe('with two invocations at once', () => {
  let stack: StartedStack;
  beforeAll(async () => {
    stack = await StartedStack.start({
      settings: { workerTimeoutSeconds: '90' },
      options: ['--concurrency=2'],
    });
    // The keeper of pauses runs once at the start, and ends with its reads. Its execution is one of the two, and what is throttled because of that
    // stays hidden for as long as this test waits.
    await eventually(
      () =>
        stack.granted.some(
          ({ principal, action }) => principal.includes('Pauses') && action.startsWith('dynamodb:'),
        ),
      () => 'the first run of the keeper of pauses',
    );
  });
  afterAll(() => stack?.stop());

  test('an event that comes again while it is in progress waits, and is a duplicate; a throttled receive uses no attempt', async () => {
    const held = inbound(orders.lingerUntilFixed);
    await enqueueTogether(stack, 'InboundWorkerQueue', [held]);
    await eventually(
      () => stack.effects(held.id).length === 1,
      () => 'the side effect',
    );
    await enqueueTogether(stack, 'InboundWorkerQueue', [held]);
    const waits = await stack.until(held.id, ['retried'], attempts + 2);
    for (const wait of waits) expect(wait).toMatchObject({ attempt: 1, reason: 'in_progress' });

    // Both invocations are taken now. A throttled message comes back after a second.
    await stack.queues.hideFor(1);
    const second = inbound(orders.lingerUntilFixed);
    await enqueueTogether(stack, 'InboundWorkerQueue', [second]);
    await eventually(
      () => stack.effects(second.id).length === 1,
      () => 'the second side effect',
    );
    const throttled = delivery(orders.throwOnce);
    await enqueueTogether(stack, 'DeliveryWorkerQueue', [throttled]);
    await eventually(
      () =>
        stack.reports.filter(({ event, function: of }) => event === 'throttled' && of?.startsWith('Delivery'))
          .length >=
        attempts + 2,
      () => 'throttled receives',
    );
    // What is received from now on is run: on a busy machine it must not come back while its function starts.
    await stack.queues.hideFor(2 * timeoutSeconds);
    stack.fix();

    expect(await stack.until(throttled.id, ['handled'])).toMatchObject([{ attempt: 2 }]);
    await stack.until(held.id, ['duplicate']);
    for (const { id } of [held, second, throttled]) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toHaveLength(1);
      expect(stack.of(id, 'dead_lettered')).toHaveLength(0);
    }
  });
});

test('an odd error fails the event that it was thrown for, at each of its attempts, and no other event', async () => {
  const { stack } = faulty;
  await expectHandled(stack, [besideOdd]);
  for (const { id } of odd) {
    expect(await stack.until(id, ['dead_lettered'])).toMatchObject([
      { attempt: attempts, reason: 'attempts_exhausted' },
    ]);
    expect(stack.effects(id)).toHaveLength(attempts);
  }
  await stack.until(endless.id, ['handled', 'dead_lettered']);
  expect(failures(stack, 'Templates')).toEqual([]);
});

test('an event whose handler hangs is dead-lettered as timed_out, and its neighbours are handled', async () => {
  const { stack } = faulty;
  expect(await stack.until(hanging.id, ['dead_lettered'])).toMatchObject([
    { attempt: attempts, reason: 'timed_out', error: 'TimedOut' },
  ]);
  const { attributes } = await stack.deadLetter('DeliveryWorkerDeadLetterQueue', hanging.id);
  expect(attributes).toMatchObject({ reason: 'timed_out', attempts: String(attempts), receivedAt });
  await expectHandled(stack, besideHanging);
  const timedOut = failures(stack, 'Delivery').filter(
    ({ reason }) => reason === `timed out after ${timeoutSeconds} s`,
  );
  expect(timedOut.length).toBeGreaterThanOrEqual(attempts);
  const reports = stack.awsLines
    .map(({ line = '' }) => line)
    .filter((line) => line.includes('platform.report'));
  expect(reports.map((line) => JSON.parse(line).record)).toContainEqual(
    expect.objectContaining({
      status: 'timeout',
      metrics: expect.objectContaining({ memorySizeMB: expect.any(Number) }),
    }),
  );
});

test('an event that kills its function is dead-lettered as function_died, and its neighbours are handled', async () => {
  const { stack } = faulty;
  expect(await stack.until(killer.id, ['dead_lettered'])).toMatchObject([
    { attempt: attempts, reason: 'function_died', error: 'FunctionDied' },
  ]);
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', killer.id);
  expect(attributes).toMatchObject({
    reason: 'function_died',
    error: 'FunctionDied: The function died in the last attempt.',
    attempts: String(attempts),
  });
  expect(Number(attributes.receives)).toBeGreaterThan(attempts + 1);
  await expectHandledBesideDeath(stack, besideKiller);
  // The first death leaves no record, and then it dies once for each attempt: nothing else does.
  const deaths = failures(stack, 'Inbound').filter(({ reason = '' }) => !reason.startsWith('timed out'));
  expect(deaths).toHaveLength(1 + attempts);
});

test('an idempotency table that is unavailable for more receives than there are attempts uses no attempt', async () => {
  const { stack, services } = faulty;
  await stack.drained();
  const event = inbound(orders.throwOnce);
  services.dynamoDb.become('down');
  await enqueueTogether(stack, 'InboundWorkerQueue', [event]);
  const waits = await stack.until(event.id, ['retried'], attempts + 2);
  for (const wait of waits) expect(wait).toMatchObject({ attempt: 1, reason: 'unclaimed' });
  // The invocation fails for it, so that an alarm goes off.
  await eventually(
    () => failures(stack, 'Inbound').some(({ reason }) => reason?.includes('idempotency table')),
    () => 'an invocation that fails for it',
  );
  faulty.recover();
  await expectHandled(stack, [event]);
  expect(stack.of(event.id, 'handled')).toMatchObject([{ attempt: 2 }]);
});
