import type { EventSourceDefinition } from '../../../../local/runtime/event-sources/definitions.ts';
import { EventSource } from '../../../../local/runtime/event-sources/event-source.ts';
import type { ReceivedMessage } from '../../../../local/runtime/event-sources/polled-queue.ts';
import type { InvocationResult } from '../../../../local/runtime/functions/invocation.ts';

const definition: EventSourceDefinition = {
  id: 'Source',
  queueUrl: 'http://127.0.0.1/000000000000/Queue',
  queueArn: 'arn:aws:sqs:us-east-1:000000000000:Queue',
  batchSize: 2,
  maximumConcurrency: 12,
  reportsBatchItemFailures: true,
  isEnabled: true,
};

/** A queue in a list; what it gave is gone. */
class ListedQueue {
  readonly cutsCleanly = false;
  readonly deleted: string[] = [];
  broken = false;
  asked = 0;
  readonly #messages: ReceivedMessage[] = [];

  constructor(count: number) {
    this.add(count);
  }

  add(count: number, Body = ''): void {
    for (let index = 0; index < count; index++) {
      this.#messages.push({ MessageId: `message-${index}`, ReceiptHandle: `handle-${index}`, Body });
    }
  }

  async receive(max: number): Promise<ReceivedMessage[]> {
    this.asked++;
    if (this.broken) throw new Error('unavailable');
    const received = this.#messages.splice(0, max);
    // As a poll that waits does, it leaves time to others.
    if (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return received;
  }

  async delete(handles: readonly string[]): Promise<void> {
    this.deleted.push(...handles);
  }
}

/** A function whose invocations last until the test ends them. */
class HeldFunction {
  readonly batches: string[][] = [];
  readonly #ends: ((result: InvocationResult) => void)[] = [];

  invoke(event: unknown): Promise<InvocationResult> {
    const { Records } = event as { Records: { messageId: string }[] };
    this.batches.push(Records.map(({ messageId }) => messageId));
    return new Promise((resolve) => this.#ends.push(resolve));
  }

  /** Ends all that run. */
  end(result: InvocationResult = { ok: true, result: undefined }): void {
    for (const end of this.#ends.splice(0)) end(result);
  }
}

function start(queue: ListedQueue) {
  const target = new HeldFunction();
  return { target, source: new EventSource(definition, queue, target) };
}

/** Lets time pass, and everything happen that waits for no more. */
const pass = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);

async function stop(source: EventSource): Promise<void> {
  const stopped = source.stop(false).done;
  await pass(1_000);
  await stopped;
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('begins with five batches at once, and takes five more for each second that they are all busy', async () => {
  const { target, source } = start(new ListedQueue(100));
  await pass(999);
  expect(target.batches.length).toBe(5);
  await pass(1);
  expect(target.batches.length).toBe(10);
  await pass(1_000);
  // As many as the mapping allows.
  expect(target.batches.length).toBe(definition.maximumConcurrency);
  await pass(10_000);
  expect(target.batches.length).toBe(definition.maximumConcurrency);
  const stopped = source.stop(false).done;
  target.end();
  await stopped;
});

test('begins with five again once the queue was empty', async () => {
  const queue = new ListedQueue(20);
  const { target, source } = start(queue);
  await pass(1_000);
  expect(target.batches.length).toBe(10);
  target.end();
  await pass(10);
  queue.add(100);
  await pass(999);
  expect(target.batches.length).toBe(15);
  const stopped = source.stop(false).done;
  target.end();
  await stopped;
});

test('takes the next batch as soon as one is done', async () => {
  const queue = new ListedQueue(20);
  const { target, source } = start(queue);
  await pass();
  expect(target.batches.length).toBe(5);
  target.end();
  await pass();
  expect(target.batches.length).toBe(10);
  target.end();
  await pass();
  expect(queue.deleted.length).toBe(20);
  await stop(source);
});

test.each([
  ['nothing failed', { batchItemFailures: [] }, ['handle-0', 'handle-1']],
  ['no answer at all', undefined, ['handle-0', 'handle-1']],
  ['one failed', { batchItemFailures: [{ itemIdentifier: 'message-0' }] }, ['handle-1']],
  ['an identifier that is not of the batch', { batchItemFailures: [{ itemIdentifier: 'other' }] }, []],
])('deletes what was handled: %s', async (_, result, deleted) => {
  const queue = new ListedQueue(2);
  const { target, source } = start(queue);
  await pass();
  target.end({ ok: true, result });
  await stop(source);
  expect(queue.deleted).toEqual(deleted);
});

describe('Lambda hands over no more than 6 MB at once', () => {
  const mebibyte = 1024 ** 2;
  const ten = { ...definition, batchSize: 10 };

  /** The batches of ten messages with this body, and what was deleted once all were handled. */
  async function deliver(body: string) {
    const queue = new ListedQueue(0);
    queue.add(10, body);
    const target = new HeldFunction();
    const source = new EventSource(ten, queue, target);
    await pass();
    const sizes = target.batches.map(({ length }) => length);
    target.end();
    await stop(source);
    return { sizes, deleted: queue.deleted };
  }

  test.each([
    ['small messages, all at once', 'x', [10]],
    ['the largest messages, five at a time', 'x'.repeat(mebibyte), [5, 5]],
    ['as the JSON that holds them: quotes take two bytes', '"'.repeat(mebibyte), [2, 2, 2, 2, 2]],
    ['as bytes, not characters', '\u20ac'.repeat(mebibyte / 3), [5, 5]],
  ])('%s', async (_what, body, expected) => {
    const { sizes, deleted } = await deliver(body);
    expect(sizes).toEqual(expected);
    expect(deleted).toHaveLength(10);
  });

  test('what was received before the end is delivered, unless the end is forced', async () => {
    for (const force of [false, true]) {
      const queue = new ListedQueue(0);
      queue.add(10, 'x'.repeat(mebibyte));
      const target = new HeldFunction();
      const source = new EventSource({ ...ten, maximumConcurrency: 1 }, queue, target);
      await pass();
      expect(target.batches).toHaveLength(1);
      const stopped = source.stop(force);
      target.end();
      await pass();
      target.end();
      await pass();
      await stopped;
      expect(queue.deleted).toHaveLength(force ? 5 : 10);
    }
  });
});

test('a function that failed leaves its messages where they are', async () => {
  const queue = new ListedQueue(2);
  const { target, source } = start(queue);
  await pass();
  target.end({ ok: false, error: 'timed out' });
  await stop(source);
  expect(queue.deleted).toEqual([]);
});

test('survives a queue that is unavailable', async () => {
  const queue = new ListedQueue(2);
  queue.broken = true;
  const { target, source } = start(queue);
  await pass(1_000);
  expect(queue.asked).toBeGreaterThan(1);
  queue.broken = false;
  await pass(1_000);
  expect(target.batches.length).toBe(1);
  target.end();
  await stop(source);
});

test('stops only when the last batch is done, and receives no more', async () => {
  const queue = new ListedQueue(100);
  const { target, source } = start(queue);
  await pass();
  let stopped = false;
  const { received, done } = source.stop(false);
  const stopping = done.then(() => {
    stopped = true;
  });
  await pass();
  // Another may take its place, whatever a handler still does.
  await received;
  expect(stopped).toBe(false);
  target.end();
  await stopping;
  expect(queue.deleted.length).toBe(10);
  expect(target.batches.length).toBe(5);
});

test('what is under way to it when it stops is its own', async () => {
  const queue = new ListedQueue(0);
  const { target, source } = start(queue);
  await pass();
  let received = false;
  const stopped = source.stop(false);
  void stopped.received.then(() => {
    received = true;
  });
  await pass(4);
  expect(received).toBe(false);
  await pass(1);
  expect(received).toBe(true);
  await stopped.done;
  expect(queue.asked).toBe(1);
  expect(target.batches).toEqual([]);
});
