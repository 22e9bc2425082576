import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import {
  createSubjectClaims,
  keyOf,
  lateAfterMs,
  minClaimDays,
  mustClaimSubject,
} from '../../../lambda/idempotency/subject-claim.ts';
import { reconciledAttribute, replayAttribute } from '../../../lambda/queued-event/attributes.ts';
import { reconciledId } from '../../../lambda/reconcile/reconciled-id.ts';
import { longestLookBackMs } from '../../../lambda/reconcile/window.ts';
import { DynamoDbOverProxy } from '../../support/dynamodb-over-proxy.ts';
import type { FaultyProxy } from '../../support/faulty-proxy.ts';
import { createIdempotencyTable } from '../../support/idempotency-table.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

/** The claims against DynamoDB's emulator, in workers that keep everything else in memory. */
const tableName = 'Claims';
const hourMs = 3_600_000;
const never = new AbortController().signal;

let dynamoDb: DynamoDbOverProxy;
let proxy: FaultyProxy;
let client: DynamoDBClient;
/** Commands that were sent since the test began. */
let calls: string[] = [];

beforeAll(async () => {
  dynamoDb = await DynamoDbOverProxy.start();
  ({ proxy, client } = dynamoDb);
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        calls.push(String(commandName));
        return next(args);
      },
    { step: 'initialize' },
  );
  await createIdempotencyTable(client, tableName);
});
beforeEach(() => {
  calls = [];
});
afterEach(() => proxy.become('up'));
afterAll(async () => {
  await dynamoDb.stop();
});

const claims = (clock?: () => number) => createSubjectClaims({ client, tableName, expirySeconds: 60 }, clock);

type Handle = Parameters<typeof workerInMemory>[0];

/** A worker that claims subjects, and notes what it handled. */
function worker(handle: Handle = () => undefined) {
  const handled: string[] = [];
  const inMemory = workerInMemory(
    async (event, context) => {
      handled.push(event.id);
      await handle(event, context);
    },
    {
      subjects: claims(),
    },
  );
  const logged = () =>
    inMemory.lines
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ message }) => message === 'event');
  return { ...inMemory, handled, logged };
}

let count = 0;
/** A message that no other test has. */
const newId = () => `m${++count}`;

interface Given {
  id: string;
  ageMs?: number;
  event?: string;
  project?: string | undefined;
  attributes?: Record<string, string>;
}

/** An original of Zavu's, 7 hours old. */
function original({ id, ageMs = 7 * hourMs, event = `evt_${id}`, project, attributes = {} }: Given) {
  const data = { messageId: id, to: '+1', channel: 'sms', status: 'delivered' };
  const body = { id: event, type: 'message.delivered', timestamp: Date.now() - ageMs, data };
  return queueRecord(JSON.stringify({ ...body, ...(project ? { projectId: project } : {}) }), {
    messageId: event,
    attributes,
  });
}

/** What reconcile makes of the same. */
function rebuilt({ id, project = 'prj_1' }: { id: string; project?: string }) {
  const event = reconciledId({ kind: 'message', id, state: 'delivered' });
  return original({ id, event, project, attributes: { [reconciledAttribute]: '1' } });
}

describe.each([
  ['an original', 'prj_1'],
  ['an original that names no project', undefined],
])('%s that is late, and its rebuilt event', (_, project) => {
  test.each(['the original first', 'the rebuilt event first', 'in one batch', 'in two workers at once'])(
    'are handled once: %s',
    async (order) => {
      const id = newId();
      const [one, other] = [worker(), worker()];
      const pair = [original({ id, project }), rebuilt({ id })] as const;
      if (order === 'in one batch') expect(await one.batch(...pair)).toEqual([]);
      else if (order === 'in two workers at once') {
        expect(await Promise.all([one.batch(pair[0]), other.batch(pair[1])])).toEqual([[], []]);
      } else {
        const [first, second] = order === 'the original first' ? pair : pair.toReversed();
        for (const record of [first, second]) if (record) expect(await one.batch(record)).toEqual([]);
      }
      expect([...one.handled, ...other.handled]).toHaveLength(1);
      expect([...one.published, ...other.published]).toHaveLength(1);
      const outcomes = [...one.logged(), ...other.logged()];
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'handled']);
      expect(outcomes).toContainEqual(expect.objectContaining({ reason: 'same_subject' }));
    },
  );
});

test.each(['original', 'rebuilt'])(
  'a new conversation whose original names its first message alone is handled once, the %s first',
  async (which) => {
    const id = newId();
    const { batch, handled } = worker();
    const common = { type: 'conversation.new', timestamp: Date.now() - 7 * hourMs, projectId: 'prj_1' };
    const data = { firstMessageId: id, channel: 'whatsapp', phoneNumber: '+1' };
    const signed = { ...common, id: `evt_${id}`, data };
    const subject = { kind: 'conversation', id: `conv_${id}`, state: 'new' } as const;
    const built = {
      ...common,
      id: reconciledId(subject),
      data: { ...data, conversationId: subject.id },
    };
    const records = [
      queueRecord(JSON.stringify(signed)),
      queueRecord(JSON.stringify(built), { attributes: { [reconciledAttribute]: '1' } }),
    ];
    for (const record of which === 'original' ? records : records.toReversed()) await batch(record);
    expect(handled).toEqual([which === 'original' ? signed.id : built.id]);
  },
);

test('a fresh original makes no call, and neither does a late event of a type without a subject', async () => {
  const { batch, handled } = worker();
  await batch(original({ id: newId(), ageMs: hourMs / 2 }));
  const data = { domain: 'mail.acme.com', status: 'verified' };
  await batch(queueRecord(JSON.stringify({ id: 'evt_d', type: 'domain.verified', timestamp: 1.7e12, data })));
  expect(handled).toHaveLength(2);
  expect(calls).toEqual([]);
});

test('an event that was handled makes no call when it comes again', async () => {
  const { batch, handled } = worker();
  const record = rebuilt({ id: newId() });
  await batch(record);
  calls = [];
  await batch(record);
  expect(handled).toHaveLength(1);
  expect(calls).toEqual([]);
});

test.each([['an original', original] as const, ['a rebuilt event', rebuilt] as const])(
  '%s that failed passes its own claim when it comes again, also as a redriven dead letter',
  async (_, make) => {
    const record = make({ id: newId() });
    let runs = 0;
    const { batch, handled, deadLetter } = worker(() => {
      if (++runs === 1) throw new Error('no');
      if (runs === 2) throw new PermanentFailure('no');
    });
    expect(await batch(record)).toEqual([record.messageId]);
    expect(await batch(record)).toEqual([]);
    expect(deadLetter.size).toBe(1);
    expect(await batch({ ...record, messageId: 'redriven' })).toEqual([]);
    expect(handled).toHaveLength(3);
  },
);

test('a forced replay of the original is handled, although its subject is claimed', async () => {
  const id = newId();
  const { batch, handled } = worker();
  await batch(rebuilt({ id }));
  calls = [];
  await batch(original({ id, attributes: { [replayAttribute]: 'run_1' } }));
  expect(handled).toEqual([expect.stringMatching('^reconciled:'), `evt_${id}`]);
  expect(calls).toEqual([]);
});

test('two late originals do not exclude each other, and both exclude a rebuilt event', async () => {
  const id = newId();
  const { batch, handled } = worker();
  const project = 'prj_1';
  await batch(original({ id, project }));
  await batch(original({ id, project, event: 'evt_again' }));
  await batch(rebuilt({ id }));
  expect(handled).toEqual([`evt_${id}`, 'evt_again']);
});

test('an original of another project excludes nothing', async () => {
  const id = newId();
  const { batch, handled } = worker();
  await batch(original({ id, project: 'prj_2' }));
  await batch(rebuilt({ id }));
  expect(handled).toHaveLength(2);
});

test('a table that is unavailable keeps the event, which uses no attempt', async () => {
  const { batch, handled, logged } = worker();
  proxy.become('down');
  const record = rebuilt({ id: newId() });
  await expect(batch(record)).rejects.toThrow('could be claimed (the idempotency table is unavailable)');
  expect(handled).toEqual([]);
  expect(logged()).toMatchObject([{ outcome: 'retried', reason: 'unclaimed', reconciled: true }]);
  proxy.become('up');
  expect(await batch(record)).toEqual([]);
  expect(handled).toHaveLength(1);
});

test('a rebuilt event is handled, and says nothing of how fast the stack is', async () => {
  const { batch, logged } = worker();
  await batch(rebuilt({ id: newId() }));
  await batch(original({ id: newId() }));
  expect(logged()).toMatchObject([{ outcome: 'handled' }, { outcome: 'handled' }]);
  expect(logged().map(({ lagMs }) => typeof lagMs)).toEqual(['undefined', 'number']);
  expect(logged().map(({ reconciled }) => reconciled)).toEqual([true, undefined]);
});

test('a handler and the bus are told that an event was rebuilt', async () => {
  const told: boolean[] = [];
  const { batch, published } = worker((_, { reconciled }) => void told.push(reconciled));
  await batch(rebuilt({ id: newId() }));
  await batch(original({ id: newId() }));
  expect(told).toEqual([true, false]);
  expect(published.map(({ detail = '' }) => JSON.parse(detail).reconciled)).toEqual([true, undefined]);
});

test('a claim is kept for longer than reconcile looks back, and is free afterwards', async () => {
  const subject = { kind: 'message', id: newId(), state: 'read' };
  const claim = (event: string, now: number) =>
    claims(() => now).claim(subject, { envelope: { id: event }, reconciled: true }, never);
  const now = Date.now();
  expect(await claim('a', now)).toBe(true);
  expect(await claim('a', now)).toBe(true);
  expect(await claim('b', now + longestLookBackMs + 6 * hourMs)).toBe(false);
  expect(await claim('b', now + (minClaimDays * 24 + 1) * hourMs)).toBe(true);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  expect(Items.map((item) => unmarshall(item))).toContainEqual({
    id: keyOf(subject, ''),
    eventId: 'b',
    reconciled: true,
    expiration: expect.any(Number),
  });
});

describe('what must claim its subject', () => {
  const now = 1_795_000_000_000;
  const late = { timestamp: now - lateAfterMs - 1 };
  const fresh = { timestamp: now - lateAfterMs };
  test.each([
    [fresh, false, false, false],
    [late, false, false, true],
    [fresh, true, false, true],
    [late, true, false, true],
    [late, false, true, false],
    [late, true, true, false],
  ])('%j, rebuilt: %s, replayed by force: %s', (envelope, reconciled, replayed, expected) => {
    expect(mustClaimSubject({ envelope, reconciled, replayed }, now)).toBe(expected);
  });
});

test('a key is of one subject alone, and never too long', () => {
  const subject = { kind: 'template', id: 'a#b', state: 'c' };
  expect(keyOf({ kind: 'message', id: 'k57msg', state: 'delivered' }, 'prj_1')).toBe(
    'zavu-subject#message#k57msg#delivered#prj_1',
  );
  const keys = [
    keyOf(subject, ''),
    keyOf({ ...subject, id: 'a', state: 'b#c' }, ''),
    keyOf({ ...subject, id: 'a'.repeat(2_000) }, ''),
    keyOf(subject, '\ud800'),
    keyOf(subject, '#'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
});
