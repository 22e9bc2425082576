import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReportLine } from '../../testing/report-line.ts';
import { runCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultyProxy } from '../support/faulty-proxy.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';
import { orders } from './orders.ts';

let faulty: FaultyStack;
let stack: StartedStack;
let bus: FaultyProxy;
let dynamoDb: FaultyProxy;

beforeAll(async () => {
  faulty = await FaultyStack.start({ eventBus: 'true', retryDelaysSeconds: '1,1' });
  stack = faulty.stack;
  ({ eventBridge: bus, dynamoDb } = faulty.services);
});
afterEach(() => {
  faulty.recover();
  stack.fix(false);
});
afterAll(async () => {
  await faulty.stop();
});

const published = (id: string): ReportLine[] => stack.of(id, 'published');

test('an event that comes many times is published once, after it was handled', async () => {
  const event = inbound(orders.slow);
  const duplicates = 20;
  await Promise.all(Array.from({ length: duplicates }, () => deliver(stack, event)));
  await stack.until(event.id, ['published']);
  await deliver(stack, event);
  await stack.drained();
  // A duplicate that finds it handled and publishes it is reported as neither.
  expect(stack.of(event.id, 'handled', 'duplicate').length).toBeGreaterThanOrEqual(duplicates);
  expect(published(event.id)).toMatchObject([{ type: 'message.inbound' }]);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('an event that is handled at a later attempt is published after that attempt', async () => {
  const event = inbound(orders.throwOnce);
  await deliver(stack, event);
  await stack.until(event.id, ['published']);
  await stack.drained();
  expect(stack.of(event.id, 'handled')).toMatchObject([{ attempt: 2 }]);
  expect(published(event.id)).toHaveLength(1);
});

test('an event that is dead-lettered or unrouted is not published', async () => {
  const failing = [inbound(orders.throw), inbound(orders.refuse)];
  const unrouted = { ...inbound('hello'), type: 'message.odd' };
  for (const event of [...failing, unrouted]) await deliver(stack, event);
  for (const { id } of failing) await stack.until(id, ['dead_lettered']);
  await stack.until(unrouted.id, ['unrouted']);
  await stack.drained();
  for (const { id } of [...failing, unrouted]) expect(published(id)).toHaveLength(0);
});

test.each(['down', 'refusing', 'hanging'] as const)(
  'bus %s: the handler runs once, and the event is published when the bus is back',
  async (condition) => {
    const event = inbound('hello');
    bus.become(condition);
    await deliver(stack, event);
    expect(await stack.until(event.id, ['retried'])).toMatchObject([{ attempt: 1, reason: 'not_published' }]);
    bus.become('up');
    await stack.until(event.id, ['published']);
    await stack.drained();
    expect(published(event.id)).toHaveLength(1);
    expect(stack.effects(event.id)).toHaveLength(1);
    expect(stack.of(event.id, 'handled')).toHaveLength(1);
  },
);

test('bus down and up again: a duplicate publishes the event, and its first message does not publish it again', async () => {
  const event = inbound('hello');
  bus.become('down');
  await deliver(stack, event);
  await stack.until(event.id, ['retried']);
  bus.become('up');
  await deliver(stack, event);
  await stack.until(event.id, ['duplicate']);
  expect(published(event.id)).toHaveLength(1);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('bus down for all attempts: the event is dead-lettered as not published, and a redrive publishes it without handling it', async () => {
  const event = inbound('hello');
  bus.become('down');
  await deliver(stack, event);
  expect(await stack.until(event.id, ['dead_lettered'])).toMatchObject([
    { attempt: 3, reason: 'not_published' },
  ]);
  const deadLetter = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(deadLetter.attributes).toMatchObject({ reason: 'not_published', attempts: '3' });
  expect(JSON.parse(deadLetter.body)).toEqual(event);
  expect(stack.effects(event.id)).toHaveLength(1);

  bus.become('up');
  // As SQS redrives it, without its attributes.
  await stack.enqueue('InboundWorkerQueue', deadLetter.body);
  await stack.until(event.id, ['published']);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test.each([
  ['ThrottlingException', 'retried', 'ThrottlingException'],
  ['MalformedDetail', 'dead_lettered', 'PermanentFailure'],
])(
  'bus answers 200 with %s for the entry: the event is %s, and not handled again',
  async (ErrorCode, outcome, error) => {
    const event = inbound('hello');
    const failing = await failingBus(ErrorCode);
    try {
      await deliver(stack, event);
      expect(await stack.until(event.id, ['retried', 'dead_lettered'])).toMatchObject([
        { event: outcome, reason: 'not_published', error, attempt: 1 },
      ]);
    } finally {
      failing.stop();
    }
    expect(stack.effects(event.id)).toHaveLength(1);
  },
);

/** Puts another bus in the place of the stack's: it refuses each entry with an error, and after so many hangs. */
async function failingBus(ErrorCode: string, times = Number.POSITIVE_INFINITY) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      asked += 1;
      if (asked > times) return;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'No.' }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { target } = bus;
  bus.redirect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    isHanging: () => asked > times,
    stop() {
      bus.redirect(target);
      server.closeAllConnections();
      server.close();
    },
  };
}

test('idempotency table down between a side effect and its record: the event is not handled again, and a redrive publishes it', async () => {
  // What needs the idempotency table would wait for it, however long it is away.
  await stack.drained();
  const event = inbound(orders.lingerUntilFixed);
  // Not by the receiver, which on a busy machine may queue it twice.
  await stack.enqueue('InboundWorkerQueue', JSON.stringify(event));
  await eventually(
    () => stack.effects(event.id).length === 1,
    () => 'the side effect',
  );
  dynamoDb.become('down');
  stack.fix();
  expect(await stack.until(event.id, ['dead_lettered'])).toMatchObject([
    { attempt: 1, reason: 'not_published' },
  ]);
  // A call that is under way must not record it after all.
  await stack.drained();
  await stack.kill('InboundWorkerFunction');
  dynamoDb.become('up');
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(attributes.error).toBe('PermanentFailure: Handled, but the idempotency table was unavailable.');
  await stack.drained();
  expect(published(event.id)).toHaveLength(0);

  const { code } = await runCommand('dead-letters', ['redrive', '--id', event.id], stack);
  expect(code).toBe(0);
  await stack.until(event.id, ['published']);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('worker killed while it publishes at its last attempt: the event is dead-lettered, and was handled once', async () => {
  const event = inbound('hello');
  const failing = await failingBus('ThrottlingException', 2);
  try {
    await deliver(stack, event);
    await stack.until(event.id, ['retried'], 2);
    await eventually(failing.isHanging, () => 'the last attempt to publish');
    expect(await stack.kill('InboundWorkerFunction')).toBeGreaterThan(0);
  } finally {
    failing.stop();
  }
  expect(await stack.until(event.id, ['dead_lettered'])).toMatchObject([
    { attempt: 3, reason: 'not_published', error: 'FunctionDied' },
  ]);
  expect(published(event.id)).toHaveLength(0);
  expect(stack.effects(event.id)).toHaveLength(1);
});
