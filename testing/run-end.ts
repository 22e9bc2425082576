import type { DeadLetterReason } from '../lambda/queued-event/dead-letter.ts';
import { failureOf } from '../lambda/worker/failure.ts';
import { decideRetry } from '../lambda/worker/retry-decision.ts';

/** What becomes of an event whose handler failed. */
type AfterFailure = { outcome: 'retried' } | { outcome: 'dead_lettered'; reason: DeadLetterReason };

/** The function would have been killed before the handler was finished. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * Waits for a handler for as long as its function may run.
 *
 * @throws what the handler throws, or TimedOut
 */
export async function withinTime(handling: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const killed = new Promise<never>((_, reject) => {
    const sentence = `The handler was not finished within ${Math.round(ms)} ms, when its function is killed.`;
    timer = setTimeout(() => reject(new TimedOut(sentence)), ms);
  });
  try {
    await Promise.race([handling, killed]);
  } finally {
    clearTimeout(timer);
  }
}

/** Decides as the worker does, for a message that was received once for each attempt. */
export function afterFailure(error: unknown, attempt: number, maxAttempts: number): AfterFailure {
  const isKilled = error instanceof TimedOut;
  const decision = decideRetry(
    {
      outcome: 'failed',
      isPermanent: failureOf(error).isPermanent,
      runs: attempt,
      // A killed function says nothing: its worker finds that at the next receive.
      lost: isKilled ? 'timed_out' : undefined,
      isOver: isKilled && attempt >= maxAttempts,
      receives: attempt,
      ageSeconds: 0,
      claimSeconds: 0,
    },
    {
      delaysSeconds: Array(maxAttempts - 1).fill(0),
      maxReceives: Number.POSITIVE_INFINITY,
      maxAgeSeconds: Number.POSITIVE_INFINITY,
      maxPauseSeconds: Number.POSITIVE_INFINITY,
    },
  );
  return 'reason' in decision ? { outcome: 'dead_lettered', ...decision } : { outcome: 'retried' };
}
