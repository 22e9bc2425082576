import type { Context, SQSRecord } from 'aws-lambda';
import { createLogger } from '../../../lambda/shared/log.ts';
import { createBatchHandler } from '../../../lambda/worker/batch.ts';
import type { HandlerContext } from '../../../lambda/worker/handler.ts';
import type { Run } from '../../../lambda/worker/runs.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1,
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

const firstRun: Run = {
  before: { count: 0 },
  count: 1,
  begin: async () => undefined,
  late: async () => undefined,
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
