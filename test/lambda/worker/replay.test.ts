import type { Context, SQSRecord } from 'aws-lambda';
import { createLogger } from '../../../lambda/shared/log.ts';
import { createBatchHandler } from '../../../lambda/worker/batch.ts';
import type { HandlerContext } from '../../../lambda/worker/handler.ts';
import { claimKey } from '../../../lambda/worker/replay.ts';
import type { Run } from '../../../lambda/worker/runs.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: Date.now(),
  data: { messageId: 'msg_1', from: '+1' },
};

function record(replay?: string): SQSRecord {
  return {
    messageId: `message-${replay ?? 'live'}`,
    body: JSON.stringify(event),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: replay ? { replay: { stringValue: replay, dataType: 'String' } } : {},
  } as unknown as SQSRecord;
}

describe('what a message is claimed by', () => {
  const envelope = { ...event, data: {} };

  test('is its own owner’s alone', () => {
    const owners = [
      {},
      { senderId: 'snd_a' },
      { senderId: 'snd_b' },
      { projectId: 'snd_a' },
      { senderId: 'snd_a', projectId: 'prj_a' },
    ];
    const keys = owners.map((owner) => claimKey({ ...envelope, ...owner }, undefined));
    expect(new Set(keys).size).toBe(owners.length);
    for (const key of keys) expect(key).toMatch(/^evt_1(:[0-9a-f]{32})?$/);
  });

  test('is another in each forced replay', () => {
    const owned = { ...envelope, senderId: 'snd_a' };
    expect(claimKey(owned, 'run_1')).toBe(`${claimKey(owned, undefined)}:run_1`);
    expect(claimKey(envelope, 'run_1')).toBe('evt_1:run_1');
  });
});
const firstRun: Run = {
  before: { count: 0 },
  count: 1,
  begin: async () => undefined,
  late: async () => undefined,
  close: async () => undefined,
  undo: async () => undefined,
  end: async () => undefined,
};

test('in one batch, an event and its forced replays are claimed apart, and copies of each are one', async () => {
  const claimed: string[] = [];
  const published: string[] = [];
  const handled: Pick<HandlerContext, 'idempotencyKey' | 'replayed'>[] = [];
  const lines: string[] = [];
  const handle = createBatchHandler({
    name: 'inbound',
    handlerOf:
      () =>
      async ({ idempotencyKey, replayed }) =>
        void handled.push({ idempotencyKey, replayed }),
    handling: {
      registerContext: () => undefined,
      async once(key, run) {
        claimed.push(key);
        await run();
        return { outcome: 'done', recorded: true };
      },
    },
    canary: { registerContext: () => undefined, once: async () => ({ outcome: 'duplicate' }) },
    publication: {
      registerContext: () => undefined,
      async once(key) {
        published.push(key);
        return { outcome: 'duplicate' };
      },
      publish: async () => undefined,
    },
    metrics: { count: () => undefined, endToEnd: () => undefined, publish: () => undefined },
    runs: async () => firstRun,
    retry: {
      limits: { delaysSeconds: [], maxReceives: 10, maxAgeSeconds: 1_000, maxPauseSeconds: 60 },
      backOff: async () => undefined,
      setAside: async () => undefined,
    },
    log: createLogger({}, (line) => lines.push(line)),
  });
  const Records = [record(), record('run_1'), record('run_1'), record(), record('run_2')];
  const context = { getRemainingTimeInMillis: () => 3_000 } as Context;
  expect(await handle({ Records }, context, () => undefined)).toEqual({ batchItemFailures: [] });

  expect(claimed).toEqual(['evt_1', 'evt_1:run_1', 'evt_1:run_2']);
  // The bus has a replay of its own.
  expect(published).toEqual(['evt_1', 'evt_1', 'evt_1']);
  expect(handled).toEqual([
    { idempotencyKey: 'evt_1', replayed: false },
    { idempotencyKey: 'evt_1:run_1', replayed: true },
    { idempotencyKey: 'evt_1:run_2', replayed: true },
  ]);
  const outcomes = lines.map((line) => JSON.parse(line)).map(({ outcome, replay }) => [outcome, replay]);
  expect(outcomes).toContainEqual(['handled', 'run_1']);
  expect(outcomes.filter(([outcome]) => outcome === 'duplicate')).toHaveLength(2);
});
