import { type Filter, matches } from './filter.ts';
import type { RedriveSource } from './redrive-source.ts';
import { scanQueue, visibilityTimeoutFor } from './scan-queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** Which messages a command is about. */
export interface Query {
  sources: readonly RedriveSource[];
  filter: Filter;
  /** The greatest number of messages of one queue that are looked at. */
  limit: number;
  /** Aborts at Ctrl-C. */
  signal: AbortSignal;
  /** Is told how far a scan has come: at its start, during it, and at its end. */
  onProgress(progress: Progress): void;
}

export interface Progress {
  /** How many messages were looked at. */
  seen: number;
  /** About how many there are. */
  expected: number;
  hasEnded: boolean;
}

/** How much of a queue a scan saw. */
export interface ScanResult {
  queue: string;
  seen: number;
  /** Whether the queue had no more to show. */
  complete: boolean;
  /** Messages that somebody else had received before, and that the scan therefore did not see. */
  hidden: number;
  retentionSeconds: number | undefined;
}

/**
 * Looks through all queues at once, and hands on each message that fits the filter, once.
 *
 * @param perSecond how many messages a second `visit` works on; Infinity if it only looks at them
 * @param visit takes messages of one queue. Gives those that it has deleted; the others are released
 * @throws what `visit` throws, or SQS's error, once the messages of all queues are released
 */
export async function scanQueues(
  { sources, filter, limit, signal, onProgress }: Query,
  perSecond: number,
  visit: (messages: readonly StoredMessage[], source: RedriveSource) => Promise<readonly StoredMessage[]>,
): Promise<ScanResult[]> {
  const queues = await Promise.all(
    sources.map(async (source) => ({ source, figures: await source.queue.figures() })),
  );
  const expected = queues.reduce((sum, { figures }) => sum + Math.min(limit, figures.visible), 0);
  let looked = 0;
  // SQS's own figure may be old, and more may come meanwhile.
  const report = (hasEnded: boolean) =>
    onProgress({ seen: looked, expected: Math.max(expected, looked), hasEnded });
  report(false);
  // An error in one queue would come in the others, too.
  const failing = new AbortController();
  const outcomes = await Promise.allSettled(
    queues.map(async ({ source, figures: { hidden, retentionSeconds } }) => {
      try {
        const { seen, complete } = await scanQueue(source, {
          limit,
          visibilityTimeout: visibilityTimeoutFor(expected, perSecond),
          signal: AbortSignal.any([signal, failing.signal]),
          async visit(messages) {
            const deleted = await visit(
              messages.filter((message) => matches(filter, message)),
              source,
            );
            looked += messages.length;
            report(false);
            return deleted;
          },
        });
        return { queue: source.name, seen, complete, hidden, retentionSeconds };
      } catch (error) {
        failing.abort();
        throw error;
      }
    }),
  );
  report(true);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
