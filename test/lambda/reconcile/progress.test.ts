import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LeaseLost, leaseMs } from '../../../lambda/reconcile/progress/lease.ts';
import type { Walk } from '../../../lambda/reconcile/progress/walks.ts';
import { createProgress } from '../../../lambda/reconcile/progress.ts';
import { DynamoDbOverProxy } from '../../support/dynamodb-over-proxy.ts';
import type { FaultyProxy } from '../../support/faulty-proxy.ts';
import { createMessagesTable } from '../../support/messages-table.ts';

/** The progress of reconciling against DynamoDB's emulator, over the wire. */
const tableName = 'Messages';
let dynamoDb: DynamoDbOverProxy;
let proxy: FaultyProxy;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamoDb = await DynamoDbOverProxy.start();
  ({ proxy, client } = dynamoDb);
  await createMessagesTable(client, tableName);
});
afterAll(async () => {
  await dynamoDb.stop();
});

const start = 1_788_264_000_000;
let now = start;
const progress = () => createProgress({ client, tableName, clock: () => now });

let count = 0;
let project: string;
beforeEach(() => {
  now = start;
  project = `prj_${++count}`;
});

/** All items of the test's project. */
async function items(): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
    all.push(...Items.map((item) => unmarshall(item)));
  }
  return all.filter(({ id }) => id === `reconcile#${project}`);
}

describe('the lease', () => {
  test('goes to one of many runs that start at once', async () => {
    const holders = Array.from({ length: 10 }, (_, index) => `run_${index}`);
    const leases = await Promise.all(holders.map((holder) => progress().acquire(project, holder)));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    expect(await progress().acquire('prj_other', 'run_1')).toBeDefined();
  });

  test('is free when it is given back', async () => {
    await (await progress().acquire(project, 'run_1'))?.release();
    expect(await items()).toEqual([]);
    expect(await progress().acquire(project, 'run_2')).toBeDefined();
  });

  test('stays as long as it is renewed', async () => {
    const lease = await progress().acquire(project, 'run_1');
    for (let renewal = 0; renewal < 3; renewal++) {
      now += leaseMs - 1;
      expect(await progress().acquire(project, 'run_2')).toBeUndefined();
      await lease?.renew();
    }
    expect(await items()).toEqual([
      expect.objectContaining({
        holder: 'run_1',
        until: now + leaseMs,
        expiresAt: Math.ceil((now + leaseMs) / 1000) + 86_400,
      }),
    ]);
  });

  test('that was not renewed goes to one other run, and the former holder learns it', async () => {
    const former = await progress().acquire(project, 'run_1');
    now += leaseMs;
    const others = await Promise.all(['run_2', 'run_3'].map((each) => progress().acquire(project, each)));
    expect(others.filter((lease) => lease !== undefined)).toHaveLength(1);
    await expect(former?.renew()).rejects.toThrow(LeaseLost);
    // It gives back nothing that is another's.
    await former?.release();
    expect(await progress().acquire(project, 'run_4')).toBeUndefined();
    await others.find((lease) => lease !== undefined)?.renew();
  });

  test('that nobody took meanwhile can be renewed late', async () => {
    const lease = await progress().acquire(project, 'run_1');
    now += 2 * leaseMs;
    await lease?.renew();
    expect(await progress().acquire(project, 'run_2')).toBeUndefined();
  });

  test('that was deleted cannot be renewed', async () => {
    const lease = await progress().acquire(project, 'run_1');
    await lease?.release();
    await expect(lease?.renew()).rejects.toThrow(LeaseLost);
  });

  test('is held by the run whose answer was lost', async () => {
    proxy.become('lost answers');
    await expect(progress().acquire(project, 'run_1')).rejects.toThrow();
    proxy.become('up');
    expect(await items()).toHaveLength(1);
    expect(await progress().acquire(project, 'run_2')).toBeUndefined();
    expect(await progress().acquire(project, 'run_1')).toBeDefined();
  });
});

describe('how far a list is', () => {
  const walk: Walk = { from: 1, to: 5, startedAt: 6, pages: 1, cursor: 'c1' };

  test('is read as it was saved, for each list', async () => {
    expect(await progress().read(project, 'calls')).toEqual({});
    await progress().save(project, 'calls', { since: 1, doneTo: 2, walk });
    await progress().save(project, 'messages', { since: 1, doneTo: 3 });
    expect(await progress().read(project, 'calls')).toEqual({ since: 1, doneTo: 2, walk });
    expect(await progress().read(project, 'messages')).toEqual({ since: 1, doneTo: 3 });
    // It never expires.
    expect(await items()).not.toContainEqual(expect.objectContaining({ expiresAt: expect.anything() }));
  });

  test('goes on, page by page, and may be saved twice', async () => {
    const { cursor: _cursor, ...last } = { ...walk, pages: 3 };
    const steps = [
      { doneTo: 2, walk },
      { doneTo: 2, walk: { ...walk, pages: 2 } },
      { doneTo: 2, walk: last },
      { doneTo: 5 },
    ];
    for (const step of steps) {
      await progress().save(project, 'calls', step);
      await progress().save(project, 'calls', step);
      expect(await progress().read(project, 'calls')).toEqual(step);
    }
  });

  test.each<[string, object]>([
    ['an end that is over', { doneTo: 4 }],
    ['a page that was taken before', { doneTo: 5, walk }],
    ['a walk that had not begun', { doneTo: 5 }],
    ['nothing', {}],
  ])('is not set back to %s by a run that has lost its lease', async (_what, behind) => {
    const further = { since: 1, doneTo: 5, walk: { ...walk, pages: 2 } };
    await progress().save(project, 'calls', further);
    await expect(progress().save(project, 'calls', behind)).rejects.toThrow(LeaseLost);
    expect(await progress().read(project, 'calls')).toEqual(further);
  });
});

describe('open messages', () => {
  const hourMs = 3_600_000;
  const message = (messageId: string, hoursAgo: number) => ({ messageId, since: start - hoursAgo * hourMs });
  const unsettled = (messageId: string, hoursAgo: number) =>
    ({ ...message(messageId, hoursAgo), priority: 'unsettled' }) as const;
  const unread = (messageId: string, hoursAgo: number) =>
    ({ ...message(messageId, hoursAgo), priority: 'unread' }) as const;

  test('come oldest first, as many as are asked for, by priority', async () => {
    const shuffled = [7, 20, 9, 11, 8].map((hours) => unsettled(`msg_${hours}`, hours));
    await progress().addOpen(project, [...shuffled, unread('msg_1', 10), unread('msg_0', 12)]);
    expect(await progress().open(project, 'unsettled', 3)).toEqual(
      [20, 11, 9].map((hours) => message(`msg_${hours}`, hours)),
    );
    expect(await progress().open(project, 'unread', 3)).toEqual([message('msg_0', 12), message('msg_1', 10)]);
    expect(await progress().countOpen(project, 'unsettled')).toBe(5);
    expect(await progress().open(`${project}0`, 'unread', 3)).toEqual([]);
  });

  test('are noted once, and leave when they are final', async () => {
    // More than are written at once.
    const all = Array.from({ length: 25 }, (_, index) => unsettled(`msg_${index}`, index));
    await progress().addOpen(project, all);
    await progress().addOpen(project, all);
    expect(await progress().countOpen(project, 'unsettled')).toBe(25);
    await progress().removeOpen(project, [...all.slice(1), message('msg_none', 1)]);
    expect(await progress().open(project, 'unsettled', 100)).toEqual([message('msg_0', 0)]);
  });

  test('have one priority, the last that was noted, and leave whichever they have', async () => {
    await progress().addOpen(project, [unsettled('msg_1', 1), unsettled('msg_2', 2)]);
    await progress().addOpen(project, [unread('msg_1', 1)]);
    expect(await progress().open(project, 'unsettled', 9)).toEqual([message('msg_2', 2)]);
    expect(await progress().open(project, 'unread', 9)).toEqual([message('msg_1', 1)]);
    await progress().removeOpen(project, [message('msg_1', 1), message('msg_2', 2)]);
    expect(await items()).toEqual([]);
  });

  test('are forgotten after some days, also before DynamoDB deletes them', async () => {
    await progress().addOpen(project, [unsettled('old', 1), unsettled('new', 0), unread('seen', 1)]);
    const dayOf = Object.fromEntries((await items()).map((item) => [item.messageId, Number(item.expiresAt)]));
    expect(dayOf).toEqual({
      old: (start - hourMs) / 1000 + 3 * 86_400,
      new: start / 1000 + 3 * 86_400,
      seen: (start - hourMs) / 1000 + 86_400,
    });
    now = start + 24 * hourMs;
    expect(await progress().open(project, 'unread', 1)).toEqual([]);
    now = start + 72 * hourMs;
    expect(await progress().open(project, 'unsettled', 1)).toEqual([message('new', 0)]);
    expect(await progress().countOpen(project, 'unsettled')).toBe(1);
  });

  test('one that can have no key is left out, and harms no other', async () => {
    await progress().addOpen(project, [
      unsettled('x'.repeat(1_100), 1),
      { ...unsettled('timeless', 0), since: Number.NaN },
      unsettled('msg_1', 1),
    ]);
    await progress().removeOpen(project, [message('x'.repeat(1_100), 1)]);
    expect(await progress().open(project, 'unsettled', 9)).toEqual([message('msg_1', 1)]);
  });
});

test('senders are remembered once each, until they are forgotten', async () => {
  for (const sender of ['snd_2', 'snd_1', 'snd_2', '你']) await progress().rememberSender(project, sender);
  await progress().acquire(project, 'run_1');
  expect(await progress().senders(project)).toEqual(['snd_1', 'snd_2', '你']);
  await progress().forgetSender(project, 'snd_1');
  await progress().forgetSender(project, 'snd_none');
  expect(await progress().senders(project)).toEqual(['snd_2', '你']);
});
