import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { createHandlerLogger, type HandlerLogger } from '../../../lambda/handlers/logger.ts';
import { packEvent } from '../../../lambda/queued-event/text.ts';
import type { History, Run } from '../../../lambda/worker/runs.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

/** A message, and what is recorded of its runs. */
interface Given {
  id: string;
  /** The event's id; the message's own by default. */
  event?: string;
  receives?: number;
  /** Whether its body is compressed. */
  isLarge?: boolean;
  before?: History;
  /** What was thrown when its runs were read. */
  unread?: Error;
}

const died: History = { count: 1, lost: 'function_died' };

/** Runs a batch in memory, and tells what the worker did with it. */
async function run(
  given: readonly Given[],
  handle: (id: string, took: (seconds: number) => void) => Promise<void>,
  log?: HandlerLogger,
  timeoutMs = 30_000,
  read: () => Promise<void> = async () => undefined,
) {
  const begun: string[] = [];
  const ended: string[] = [];
  const counted = new Set<string>();
  let leftMs = timeoutMs;
  const runOf = ({ messageId }: SQSRecord): Run => {
    const { before = { count: 0 }, unread } = given.find(({ id }) => id === messageId) ?? {};
    return {
      before,
      unread: unread && { error: unread },
      get count() {
        return unread ? undefined : before.count + Number(counted.has(messageId));
      },
      async begin() {
        counted.add(messageId);
      },
      late: async () => undefined,
      close: async () => undefined,
      undo: async () => undefined,
      end: async () => undefined,
    };
  };
  const worker = workerInMemory(
    async ({ id }) => {
      begun.push(id);
      await handle(id, (seconds) => {
        leftMs -= 1000 * seconds;
      });
      ended.push(id);
    },
    {
      hasBus: false,
      async runs(record) {
        await read();
        return runOf(record);
      },
      remainingTime: () => leftMs,
      ...(log ? { log } : {}),
    },
  );
  const records = given.map(({ id, event = id, receives = 1, isLarge = false }) => {
    const data = { text: 'hola '.repeat(200) };
    const text = JSON.stringify({ id: event, type: 'message.inbound', timestamp: Date.now(), data });
    const { body = '', encoding } = packEvent(text, isLarge ? text.length - 1 : text.length) ?? {};
    return queueRecord(body, { messageId: id, receives, attributes: encoding ? { encoding } : {} });
  });
  return { ...worker, begun, ended, counted, kept: await worker.batch(...records) };
}

test('suspects run one by one when all others are finished, those with fewer runs first', async () => {
  const open = new Set<string>();
  const overlaps: string[] = [];
  const { ended, kept } = await run(
    [
      { id: 'twice', receives: 4, before: { count: 1, lost: 'timed_out' } },
      { id: 'none', receives: 3, before: { count: 0, lost: 'function_died' } },
      { id: 'fresh' },
      { id: 'failed', receives: 2, before: { count: 1, cause: 'Error' } },
    ],
    async (id) => {
      if (['twice', 'none'].includes(id)) overlaps.push(...[...open].map((other) => `${id} beside ${other}`));
      open.add(id);
      await sleep(10);
      open.delete(id);
    },
  );
  expect(overlaps).toEqual([]);
  expect(ended.slice(0, 2).sort()).toEqual(['failed', 'fresh']);
  expect(ended.slice(2)).toEqual(['none', 'twice']);
  expect(kept).toEqual([]);
});

test('large events are unpacked and run one by one, beside the others, and a duplicate of one is claimed in its turn', async () => {
  const open = new Set<string>();
  const together = new Set<string>();
  const { ended, kept, lines } = await run(
    [
      { id: 'large_1', isLarge: true },
      { id: 'small_1' },
      { id: 'large_2', isLarge: true },
      { id: 'small_2' },
      { id: 'large_3', event: 'large_1', isLarge: true },
    ],
    async (id) => {
      for (const other of open)
        together.add(
          [id, other]
            .map((each) => each.slice(0, 5))
            .sort()
            .join(' and '),
        );
      open.add(id);
      await sleep(10);
      open.delete(id);
    },
  );
  expect([...together].sort()).toEqual(['large and small', 'small and small']);
  expect(ended.filter((id) => id.startsWith('large'))).toEqual(['large_1', 'large_2']);
  const duplicates = lines.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'duplicate');
  expect(duplicates).toMatchObject([{ id: 'large_1' }]);
  // By its claim, and not for being in one batch.
  expect(duplicates[0]).not.toHaveProperty('reason');
  expect(kept).toEqual([]);
});

test('a large event that half of the time does not suffice for waits for another batch, and is not counted', async () => {
  const { begun, counted, kept } = await run(
    [
      { id: 'large_1', isLarge: true },
      { id: 'large_2', isLarge: true },
    ],
    async (_, took) => took(16),
  );
  expect(begun).toEqual(['large_1']);
  expect([...counted]).toEqual(['large_1']);
  expect(kept).toEqual(['large_2']);
});

test('a suspect for which less than half of the time is left is put back, and not counted', async () => {
  const { begun, counted, kept, backedOff } = await run(
    [{ id: 'slow' }, { id: 'suspect', receives: 3, before: died }],
    async (_, took) => took(16),
  );
  expect(begun).toEqual(['slow']);
  expect([...counted]).toEqual(['slow']);
  expect(kept).toEqual(['suspect']);
  expect(backedOff.get('suspect')).toBe(4);
});

test('what has no attempt left is not run, and says how its function ended', async () => {
  const { begun, deadLetter } = await run(
    [
      { id: 'killer', receives: 5, before: { count: 2, lost: 'function_died' } },
      { id: 'hanging', receives: 5, before: { count: 2, lost: 'timed_out' } },
      { id: 'failed', receives: 5, before: { count: 2, cause: 'TypeError' } },
    ],
    async () => undefined,
  );
  expect(begun).toEqual([]);
  expect(Object.fromEntries(deadLetter)).toEqual({
    killer: {
      reason: 'function_died',
      attempts: 2,
      error: expect.stringContaining('FunctionDied: '),
      place: 'none',
    },
    hanging: {
      reason: 'timed_out',
      attempts: 2,
      error: expect.stringContaining('TimedOut: '),
      place: 'none',
    },
    failed: {
      reason: 'attempts_exhausted',
      attempts: 2,
      error: expect.stringContaining('TypeError: '),
      place: 'none',
    },
  });
});

test('what is not known to have an attempt left is not run, and waits', async () => {
  const unread = { id: 'unread', receives: 6, unread: new Error('no answer') };
  const { begun, kept, backedOff } = await run([{ id: 'even' }, unread], async () => undefined);
  expect({ begun, kept }).toEqual({ begun: ['even'], kept: ['unread'] });
  expect(backedOff.get('unread')).toBe(32);
  // An alarm watches the function's errors.
  await expect(run([unread], async () => undefined)).rejects.toThrow('the idempotency table is unavailable');
});

test('of the duplicates in a batch the one that was received most often is processed for all', async () => {
  const duplicates = [
    { id: 'new', event: 'evt' },
    { id: 'old', event: 'evt', receives: 7, before: { count: 1, cause: 'Error' } },
  ];
  const fail = async () => {
    throw new Error('no');
  };
  const { begun, kept, deadLetter } = await run(duplicates, fail);
  expect(begun).toEqual(['evt']);
  // The event is a dead letter, so that no duplicate is left.
  expect(kept).toEqual([]);
  expect([...deadLetter.keys()]).toEqual(['old']);

  const first = await run(
    [
      { id: 'new', event: 'evt' },
      { id: 'old', event: 'evt', receives: 2 },
    ],
    fail,
  );
  expect(first.kept).toEqual(['old']);
});

test('what the worker itself fails on is a failed attempt of that message alone', async () => {
  const lines: string[] = [];
  // Its own line cannot be written.
  const logged = (line: string) => {
    lines.push(line);
    if (line.includes('"outcome":"handled"') && line.includes('"odd"')) throw new Error('no room');
  };
  const { kept, ended, backedOff } = await run(
    [{ id: 'odd' }, { id: 'even' }],
    async () => undefined,
    createHandlerLogger({}, logged),
  );
  expect(ended).toEqual(['odd', 'even']);
  expect(kept).toEqual(['odd']);
  expect(backedOff.get('odd')).toBe(60);
  expect(lines.filter((line) => line.includes('worker_failed'))).toHaveLength(1);
});

test('no failure of one message fails the batch, even one that cannot be logged', async () => {
  const logged = (line: string) => {
    if (line.includes('"odd"')) throw new Error('no room');
  };
  const { kept } = await run(
    [{ id: 'odd' }, { id: 'even' }],
    async () => undefined,
    createHandlerLogger({}, logged),
  );
  expect(kept).toEqual(['odd']);
});

test('a function whose time-out is a second has time to run a handler', async () => {
  const { ended, kept } = await run([{ id: 'slow' }], async () => undefined, undefined, 1_000);
  expect({ ended, kept }).toEqual({ ended: ['slow'], kept: [] });
});

test('the runs of all messages are read at once: a table that hangs is waited for once', async () => {
  let [now, maxAtOnce] = [0, 0];
  const read = async () => {
    maxAtOnce = Math.max(maxAtOnce, ++now);
    await sleep(5);
    now--;
  };
  const given = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, receives: 2, isLarge: index > 0 }));
  await run(given, async () => undefined, undefined, undefined, read);
  expect(maxAtOnce).toBe(given.length);
});

test('a suspect whose neighbours are slow each time is run beside them in the end', async () => {
  const beside = async (receives: number) =>
    run([{ id: 'slow' }, { id: 'suspect', receives, before: died }], async (id, took) => {
      if (id === 'slow') took(20);
    });
  expect(await beside(40)).toMatchObject({ ended: ['slow'], kept: ['suspect'] });
  const { ended, kept } = await beside(41);
  expect({ ended: ended.sort(), kept }).toEqual({ ended: ['slow', 'suspect'], kept: [] });
});
