import type { SQSClient } from '@aws-sdk/client-sqs';
import { SingleBar } from 'cli-progress';
import { RestingQueue } from '../shared/event-queue.ts';
import { type Filter, matches } from './filter.ts';
import { nobody, type RedriveSource } from './redrive-source.ts';
import { scan, visibilityTimeoutFor } from './scan-queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** Which letters a command means, and how it gets at them. */
export interface Scope {
  sqs: SQSClient;
  outputs: Readonly<Record<string, string>>;
  redriveSources: readonly RedriveSource[];
  /** Whose letters; all where none is named. */
  workers: readonly string[];
  filter: Filter;
  /** Looks at no more letters of a queue than this. */
  limit: number;
  /** Aborts at Ctrl-C. */
  signal: AbortSignal;
}

/** How much of a queue a search saw. */
export interface Survey {
  queue: string;
  seen: number;
  /** Whether the queue had no more to show. */
  complete: boolean;
  /** Letters that were in somebody else's hands before. */
  hidden: number;
  retentionSeconds: number | undefined;
}

/**
 * Looks through all queues at once and hands on the letters that are meant, each once.
 *
 * @param perSecond how many a second `visit` works on; Infinity where it only looks
 * @param visit takes letters of one queue. Gives those that it has deleted; the others are given back
 * @throws what `visit` throws, or SQS, once all queues are given back
 */
export async function search(
  { sqs, redriveSources, workers, filter, limit, signal }: Scope,
  perSecond: number,
  visit: (
    letters: readonly StoredMessage[],
    redriveSource: RedriveSource,
    queue: RestingQueue,
  ) => Promise<readonly StoredMessage[]>,
): Promise<Survey[]> {
  const isMeant = (letter: StoredMessage, redriveSource: RedriveSource) =>
    matches(filter, letter) &&
    (workers.length === 0 || workers.includes(redriveSource.owner(letter) ?? nobody));

  const queues = await Promise.all(
    redriveSources.map(async (redriveSource) => {
      const queue = new RestingQueue(sqs, redriveSource.url);
      return { redriveSource, queue, figures: await queue.figures() };
    }),
  );
  const expected = queues.reduce((sum, { figures }) => sum + Math.min(limit, figures.visible), 0);
  const bar = new SingleBar({
    format: '{bar} {value} of about {total} looked at',
    clearOnComplete: true,
    gracefulExit: false,
  });
  let looked = 0;
  bar.start(expected, looked);
  // What fails in one queue would fail in the others, too.
  const failing = new AbortController();
  const outcomes = await Promise.allSettled(
    queues.map(async ({ redriveSource, queue, figures: { hidden, retentionSeconds } }) => {
      try {
        const { seen, complete } = await scan(queue, {
          limit,
          visibilityTimeoutFor: visibilityTimeoutFor(expected, perSecond),
          signal: AbortSignal.any([signal, failing.signal]),
          async visit(letters) {
            const meant = letters.filter((letter) => isMeant(letter, redriveSource));
            const deleted = await visit(meant, redriveSource, queue);
            looked += letters.length;
            // SQS's own figure lags behind, and more may come meanwhile.
            bar.setTotal(Math.max(expected, looked));
            bar.update(looked);
            return deleted;
          },
        });
        return { queue: redriveSource.name, seen, complete, hidden, retentionSeconds };
      } catch (error) {
        failing.abort();
        throw error;
      }
    }),
  );
  bar.stop();
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
