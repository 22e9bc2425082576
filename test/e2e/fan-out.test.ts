import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTool } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultyProxy } from '../support/faulty-proxy.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import type { ReportLine } from '../support/report-line.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

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
});
afterAll(async () => {
  await faulty.stop();
});

const published = (id: string): ReportLine[] => stack.of(id, 'published');

/** Until no copy of anything can be published any more. */
const settle = () => stack.drained();

test('what was handled is published, once for all of its copies', async () => {
  const event = inbound('slow');
  const duplicates = 20;
  await Promise.all(Array.from({ length: duplicates }, () => deliver(stack, event)));
  await stack.until(event.id, ['published']);
  await deliver(stack, event);
  await settle();
  // A copy that finds it handled and publishes it is neither of both.
  expect(stack.of(event.id, 'handled', 'duplicate').length).toBeGreaterThanOrEqual(duplicates);
  expect(published(event.id)).toMatchObject([{ type: 'message.inbound' }]);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('what was handled at a later attempt is published then', async () => {
  const event = inbound('throw once');
  await deliver(stack, event);
  await stack.until(event.id, ['published']);
  await settle();
  expect(stack.of(event.id, 'handled')).toMatchObject([{ attempt: 2 }]);
  expect(published(event.id)).toHaveLength(1);
});

test('what was dead-lettered or unrouted is not published', async () => {
  const failing = [inbound('throw'), inbound('refuse')];
  const unrouted = { ...inbound('hello'), type: 'message.odd' };
  for (const event of [...failing, unrouted]) await deliver(stack, event);
  for (const { id } of failing) await stack.until(id, ['dead_lettered']);
  await stack.until(unrouted.id, ['unrouted']);
  await settle();
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
    await settle();
    expect(published(event.id)).toHaveLength(1);
    expect(stack.effects(event.id)).toHaveLength(1);
    expect(stack.of(event.id, 'handled')).toHaveLength(1);
  },
);

test('a copy that comes meanwhile publishes, and the first finds it done', async () => {
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

test('bus down for all attempts: dead-lettered as not published, and a redrive publishes without handling', async () => {
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
  ['ThrottlingException', { event: 'retried', reason: 'not_published', error: 'ThrottlingException' }],
  ['MalformedDetail', { event: 'dead_lettered', reason: 'not_published', error: 'PermanentFailure' }],
])('%s of an entry, in an answer of 200: %j', async (ErrorCode, outcome) => {
  const event = inbound('hello');
  const failing = await failingBus(ErrorCode);
  try {
    await deliver(stack, event);
    expect(await stack.until(event.id, ['retried', 'dead_lettered'])).toMatchObject([
      { ...outcome, attempt: 1 },
    ]);
  } finally {
    failing.stop();
  }
  expect(stack.effects(event.id)).toHaveLength(1);
});

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

test('memory goes down between the side effect and its record: not handled again, and a redrive publishes', async () => {
  // What needs the idempotency table would wait for it, however long it is away.
  await settle();
  const event = inbound('linger');
  // Not by the receiver, which on a busy machine may queue a copy.
  await stack.enqueue('InboundWorkerQueue', JSON.stringify(event));
  await eventually(
    () => stack.effects(event.id).length === 1,
    () => 'the side effect',
  );
  dynamoDb.become('down');
  expect(await stack.until(event.id, ['dead_lettered'])).toMatchObject([
    { attempt: 1, reason: 'not_published' },
  ]);
  // A call that is under way must not record it after all.
  await settle();
  await stack.kill('InboundWorkerFunction');
  dynamoDb.become('up');
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(attributes.error).toBe('PermanentFailure: Handled, but the idempotency table was unavailable.');
  await settle();
  expect(published(event.id)).toHaveLength(0);

  const { code } = await startTool('dead-letters', stack.stateFile, 'redrive', '--id', event.id).ended;
  expect(code).toBe(0);
  await stack.until(event.id, ['published']);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('a worker killed while it publishes at its last attempt: dead-lettered, and handled once', async () => {
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
