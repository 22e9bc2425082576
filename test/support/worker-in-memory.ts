import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { PublishedEvent } from '../../lambda/event-bus/published-event.ts';
import type { HandlerContext } from '../../lambda/handlers/handler.ts';
import { createHandlerLogger } from '../../lambda/handlers/logger.ts';
import type { IdempotentStep } from '../../lambda/idempotency/step.ts';
import { createBatchHandler } from '../../lambda/worker/batch.ts';
import type { DeadLetterNote } from '../../lambda/worker/retry.ts';
import type { Run } from '../../lambda/worker/runs.ts';
import type { Worker } from '../../lambda/worker/worker.ts';
import type { Event } from '../../lambda/zavu/event.ts';

/** A step that notes in memory what was done, by its keys. */
function stepInMemory(): IdempotentStep & { keys: Set<string> } {
  const keys = new Set<string>();
  return {
    keys,
    registerContext: () => undefined,
    async runOnce(key, run) {
      if (keys.has(key)) return { outcome: 'duplicate' };
      keys.add(key);
      try {
        await run();
      } catch (error) {
        keys.delete(key);
        return { outcome: 'failed', error };
      }
      return { outcome: 'done', recorded: true };
    },
  };
}

/** The run of a first receive. */
const firstRun: Run = {
  before: { count: 0 },
  count: 1,
  begin: async () => undefined,
  late: async () => undefined,
  close: async () => undefined,
  undo: async () => undefined,
  end: async () => undefined,
};

/** What a test has of its own: parts of the worker, and what is left of its function's time, in milliseconds. */
type Own = Partial<Pick<Worker, 'runs' | 'log' | 'messages' | 'subjects'>> & {
  hasBus?: boolean;
  remainingTime?: () => number;
};

/** A worker without AWS: its claims are in memory, and what it publishes, puts back and dead-letters is noted. */
export function workerInMemory(
  handle: (event: Event, context: HandlerContext) => void | Promise<void>,
  { remainingTime = () => 3_000, hasBus = true, ...own }: Own = {},
) {
  const [handling, canary, publication] = [stepInMemory(), stepInMemory(), stepInMemory()];
  const published: PublishedEvent[] = [];
  const backedOff = new Map<string, number>();
  const deadLetter = new Map<string, DeadLetterNote>();
  const lines: string[] = [];
  const handler = createBatchHandler({
    name: 'inbound',
    handlerOf: (event) => async (context) => handle(event, context),
    steps: {
      handling,
      canary,
      publication: hasBus
        ? { ...publication, publish: async (entry) => void published.push(entry) }
        : undefined,
    },
    messages: undefined,
    subjects: undefined,
    runs: async () => firstRun,
    retry: {
      limits: { delaysSeconds: [60], maxReceives: 100, maxAgeSeconds: 100_000, maxPauseSeconds: 100 },
      backOff: async ({ messageId }, seconds) => void backedOff.set(messageId, seconds),
      deadLetter: async ({ messageId }, note) => void deadLetter.set(messageId, note),
    },
    log: createHandlerLogger({}, (line) => void lines.push(line)),
    ...own,
  });
  const context = { getRemainingTimeInMillis: remainingTime } as Context;
  return {
    handling,
    canary,
    publication,
    published,
    /** Seconds, by the ids of messages. */
    backedOff,
    /** By the ids of messages. */
    deadLetter,
    lines,
    /** Hands it a batch. Gives the messages that stay. */
    async batch(...Records: SQSRecord[]): Promise<string[]> {
      const answer = (await handler({ Records }, context, () => undefined)) as SQSBatchResponse;
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
