import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import type { Messages } from '../../../lambda/messages/store.ts';
import { canaryType } from '../../../lambda/routing/canary-event.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { messagesTableOf } from '../../../lambda/worker/messages-table.ts';
import type { Run } from '../../../lambda/worker/runs.ts';
import type { EventOf } from '../../../lambda/zavu/event.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

/** What a test has of its own: a handler, a table or a count that fails, and what was done with the message before. */
interface Given {
  handle?: Parameters<typeof workerInMemory>[0];
  record?: (signal: AbortSignal) => Promise<void>;
  count?: () => Promise<void>;
  before?: Run['before'];
  unread?: Run['unread'];
  leftMs?: number;
}

/** A worker with a messages table, which notes in their order what it records, counts and handles. */
function workerWithTable({
  handle,
  record,
  count,
  before = { count: 0 },
  unread,
  leftMs = 3_000,
}: Given = {}) {
  const steps: string[] = [];
  /** Events as they were when they were recorded. */
  const recorded: object[] = [];
  const messages: Messages = {
    async record(event, { signal }) {
      steps.push('record');
      await record?.(signal);
      recorded.push(structuredClone(event));
    },
  };
  const runs = async (): Promise<Run> => {
    let isBegun = false;
    return {
      before,
      unread,
      get count() {
        return before.count + Number(isBegun);
      },
      async begin() {
        steps.push('count');
        await count?.();
        isBegun = true;
      },
      async undo() {
        steps.push('undo');
        isBegun = false;
      },
      late: async () => undefined,
      close: async () => undefined,
      end: async () => undefined,
    };
  };
  const worker = workerInMemory(
    async (event, context) => {
      steps.push('handle');
      await handle?.(event, context);
    },
    { messages, runs, hasBus: false, remainingTime: () => leftMs },
  );
  return { ...worker, steps, recorded };
}

/** A message of the queue with an event of this id. */
function message(id: string, facts: Parameters<typeof queueRecord>[1] = {}, type = 'message.inbound') {
  const data = { messageId: `msg_${id}`, from: null };
  return queueRecord(JSON.stringify({ id, type, timestamp: Date.now(), data }), { messageId: id, ...facts });
}

const outcomes = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'event');

const fail = (name: string) => async () => {
  throw Object.assign(new Error('no answer'), { name });
};
const failedOnce: Run['before'] = { count: 1, cause: 'Error' };

test('an event is recorded as it came, then its run is counted, then it is handled', async () => {
  const { batch, steps, recorded } = workerWithTable({
    // A handler may do with its event what it likes.
    handle: (event) => void Object.assign(event, { type: 'message.read', data: {} }),
  });
  expect(await batch(message('evt_1'))).toEqual([]);
  expect(steps).toEqual(['record', 'count', 'handle']);
  expect(recorded).toMatchObject([
    { id: 'evt_1', type: 'message.inbound', data: { messageId: 'msg_evt_1' } },
  ]);
});

test.each<[string, Error, Run['before'], object]>([
  ['fails', new Error('no'), { count: 0 }, { outcome: 'retried', reason: 'failed' }],
  [
    'fails at its last attempt',
    new Error('no'),
    failedOnce,
    { outcome: 'dead_lettered', reason: 'attempts_exhausted' },
  ],
  [
    'says that no retry helps',
    new PermanentFailure('no'),
    { count: 0 },
    { outcome: 'dead_lettered', reason: 'permanent_failure' },
  ],
])('an event is recorded if its handler %s', async (_, error, before, outcome) => {
  const { batch, steps, recorded, lines } = workerWithTable({ handle: () => Promise.reject(error), before });
  await batch(message('evt_1', { receives: before.count + 1 }));
  expect(steps).toEqual(['record', 'count', 'handle']);
  expect(recorded).toHaveLength(1);
  expect(outcomes(lines)).toMatchObject([outcome]);
});

test('each attempt records the event: the one before may have had no table', async () => {
  const { batch, steps } = workerWithTable({ before: failedOnce });
  await batch(message('evt_1', { receives: 2 }));
  expect(steps).toEqual(['record', 'count', 'handle']);
});

test('an event that was handled is not recorded again, and one that is replayed by force is', async () => {
  const { batch, recorded } = workerWithTable();
  await batch(message('evt_1'), message('evt_1', { messageId: 'in the same batch' }));
  await batch(message('evt_1', { messageId: 'in another batch' }));
  expect(recorded).toHaveLength(1);
  await batch(message('evt_1', { messageId: 'by force', attributes: { replay: 'run_1' } }));
  expect(recorded).toHaveLength(2);
});

test.each<[string, ReturnType<typeof message>, Given]>([
  ['the canary', message('evt_1', {}, canaryType), {}],
  ['an event of a type that nobody knows', message('evt_1', {}, 'message.imagined'), {}],
  ['a message without an event', queueRecord('{'), {}],
  ['a dead letter that was handled', message('evt_1', { attributes: { reason: 'not_published' } }), {}],
  ['an event without an attempt left', message('evt_1', { receives: 3 }), { before: { count: 2 } }],
  ['an event whose runs are not known', message('evt_1', { receives: 2 }), { unread: { error: 'down' } }],
])('%s is not recorded', async (_, record, given) => {
  const { batch, steps } = workerWithTable(given);
  await batch(record).catch(() => undefined);
  expect(steps).toEqual([]);
});

describe('a messages table that is unavailable', () => {
  test('keeps the event, as an idempotency table does, and uses no attempt', async () => {
    const { batch, steps, handling, backedOff, lines } = workerWithTable({
      record: fail('TimeoutError'),
      before: failedOnce,
    });
    const batched = batch(message('evt_1', { receives: 5 }));
    // An alarm watches the function's errors.
    await expect(batched).rejects.toThrow('could be recorded (the messages table is unavailable).');
    expect(steps).toEqual(['record']);
    // The claim is given back.
    expect(handling.keys.size).toBe(0);
    expect(backedOff.get('evt_1')).toBe(16);
    expect(outcomes(lines)).toMatchObject([
      { outcome: 'retried', reason: 'unrecorded', error: 'TimeoutError', attempt: 2, retryInSeconds: 16 },
    ]);
  });

  test('harms no event beside it', async () => {
    let calls = 0;
    const { batch, steps } = workerWithTable({
      record: async () => {
        if (++calls === 1) throw new Error('no answer');
      },
    });
    expect(await batch(message('evt_1'), message('evt_2'))).toEqual(['evt_1']);
    expect(steps.toSorted()).toEqual(['count', 'handle', 'record', 'record']);
  });

  test('is named beside the other table', async () => {
    let calls = 0;
    const { batch } = workerWithTable({
      record: async () => {
        if (++calls === 1) throw new Error('no answer');
      },
      count: fail('TimeoutError'),
    });
    await expect(batch(message('evt_1'), message('evt_2'))).rejects.toThrow(
      'could be claimed (the idempotency table is unavailable) or recorded (the messages table is unavailable).',
    );
  });

  test('dead-letters the event at its last receive, with a reason and no attempt', async () => {
    const { batch, deadLetter } = workerWithTable({ record: fail('TimeoutError') });
    expect(await batch(message('evt_1', { receives: 100 }))).toEqual([]);
    expect([...deadLetter.values()]).toEqual([
      {
        reason: 'messages_unavailable',
        error: 'TimeoutError: no answer',
        place: expect.stringContaining('messages.test.ts:'),
        attempts: 0,
      },
    ]);
  });
});

test('recording ends with the function’s time', async () => {
  const record = async (signal: AbortSignal) => void (await sleep(60_000, undefined, { signal }));
  const { batch, steps, lines } = workerWithTable({ record, leftMs: 60 });
  await batch(message('evt_1')).catch(() => undefined);
  expect(steps).toEqual(['record']);
  expect(outcomes(lines)).toMatchObject([{ outcome: 'retried', reason: 'unrecorded' }]);
});

test('an event whose run cannot be counted is recorded and not handled', async () => {
  const { batch, steps, lines } = workerWithTable({ count: fail('TimeoutError') });
  await batch(message('evt_1')).catch(() => undefined);
  expect(steps).toEqual(['record', 'count']);
  expect(outcomes(lines)).toMatchObject([{ outcome: 'retried', reason: 'unclaimed' }]);
});

test('an event is not handled if recording it took the time that was left', async () => {
  const { batch, steps, lines } = workerWithTable({ record: () => sleep(100), leftMs: 60 });
  expect(await batch(message('evt_1'))).toEqual(['evt_1']);
  expect(steps).not.toContain('handle');
  expect(steps.at(-1)).toBe('undo');
  expect(outcomes(lines)).toMatchObject([{ outcome: 'retried', reason: 'postponed' }]);
});

describe('the table that the environment names', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  /** Stands for the table: the commands that it gets. */
  function client() {
    const inputs: object[] = [];
    const send = async ({ input }: UpdateItemCommand) => {
      inputs.push(input);
      return {};
    };
    return { client: { send } as unknown as DynamoDBClient, inputs };
  }
  const context = { logger: createLogger({}, () => undefined), signal: new AbortController().signal };
  const event: EventOf<'message.read'> = {
    id: 'evt_1',
    type: 'message.read',
    timestamp: 1_795_000_000_000,
    data: { messageId: 'msg_1', to: null, channel: 'whatsapp', status: 'read' },
  };

  test('is none if it names none', () => {
    delete process.env.MESSAGES_TABLE;
    expect(messagesTableOf(client().client)).toBeUndefined();
  });

  test('names what is missing beside it', () => {
    Object.assign(process.env, { MESSAGES_TABLE: 'Messages', STORE_MESSAGE_CONTENT: 'false' });
    delete process.env.MESSAGE_RETENTION_SECONDS;
    expect(() => messagesTableOf(client().client)).toThrow('MESSAGE_RETENTION_SECONDS');
  });

  test.each(['true', 'false'])('keeps an item, with content: %s', async (STORE_MESSAGE_CONTENT) => {
    const settings = { MESSAGES_TABLE: 'Messages', MESSAGE_RETENTION_SECONDS: '60', STORE_MESSAGE_CONTENT };
    Object.assign(process.env, settings);
    const { client: dynamoDb, inputs } = client();
    await messagesTableOf(dynamoDb)?.record(event, context);
    expect(inputs).toMatchObject([
      {
        TableName: 'Messages',
        Key: { id: { S: 'message#msg_1' } },
        ExpressionAttributeValues: { ':status': { S: 'read' } },
      },
    ]);
    expect(JSON.stringify(inputs).includes('"data"')).toBe(STORE_MESSAGE_CONTENT === 'true');
  });
});
