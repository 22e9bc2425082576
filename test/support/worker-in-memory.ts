import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Event } from '../../lambda/event.ts';
import { createLogger } from '../../lambda/shared/log.ts';
import { createBatchHandler } from '../../lambda/worker/batch.ts';
import type { Entry } from '../../lambda/worker/entry.ts';
import type { Guard } from '../../lambda/worker/idempotency.ts';
import type { SetAsideReason } from '../../lambda/worker/retry.ts';
import type { Run } from '../../lambda/worker/runs.ts';

/** A guard that remembers in memory what was done, by its keys. */
export function guard(): Guard & { keys: Set<string> } {
  const keys = new Set<string>();
  return {
    keys,
    registerContext: () => undefined,
    async once(key, run) {
      if (keys.has(key)) return { outcome: 'duplicate' };
      keys.add(key);
      await run();
      return { outcome: 'done', recorded: true };
    },
  };
}

/** The run of a first receive. */
export const firstRun: Run = {
  before: { count: 0 },
  count: 1,
  begin: async () => undefined,
  late: async () => undefined,
  close: async () => undefined,
  undo: async () => undefined,
  end: async () => undefined,
};

/** A message of a queue that carries a text. */
export function record(body: string, messageId = 'message_1'): SQSRecord {
  const attributes = { ApproximateReceiveCount: '1' };
  return { messageId, body, attributes, messageAttributes: {} } as unknown as SQSRecord;
}

/** A worker without AWS: its claims are in memory, and what it publishes and sets aside is noted. */
export function workerInMemory(handle: (event: Event) => void) {
  const [handling, canary, publication] = [guard(), guard(), guard()];
  const published: Entry[] = [];
  const setAside: SetAsideReason[] = [];
  const lines: string[] = [];
  const handler = createBatchHandler({
    name: 'inbound',
    handlerOf: (event) => async () => handle(event),
    handling,
    canary,
    publication: { ...publication, publish: async (entry) => void published.push(entry) },
    metrics: { count: () => undefined, endToEnd: () => undefined, publish: () => undefined },
    runs: async () => firstRun,
    retry: {
      limits: { delaysSeconds: [], maxReceives: 1, maxAgeSeconds: 100_000, maxPauseSeconds: 1 },
      backOff: async () => undefined,
      setAside: async (_record, { reason }) => void setAside.push(reason),
    },
    log: createLogger({}, (line) => void lines.push(line)),
  });
  const context = { getRemainingTimeInMillis: () => 3_000 } as Context;
  return {
    handling,
    canary,
    publication,
    published,
    setAside,
    lines,
    /** Hands it a batch. Gives the messages that stay. */
    async batch(...Records: SQSRecord[]): Promise<string[]> {
      const answer = (await handler({ Records }, context, () => undefined)) as SQSBatchResponse;
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
