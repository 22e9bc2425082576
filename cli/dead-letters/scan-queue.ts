import type { RestingQueue } from '../shared/event-queue.ts';
import type { StoredMessage } from './stored-message.ts';

export interface ScanOptions {
  /** Looks at no more letters than this. */
  limit: number;
  /** How long a letter is hidden from others, unless it is given back earlier. */
  visibilityTimeoutFor: number;
  /** Receives no more once it aborts. */
  signal: AbortSignal;
  /** Takes the letters that were not seen before, up to ten. Gives those that it has deleted. */
  visit(letters: readonly StoredMessage[]): Promise<readonly StoredMessage[]>;
}

/** Answers in a row with nothing but letters that were seen before, after which it gives up on the others. */
const mostRepeats = 10;

const leastHoldSeconds = 30;
/** So long are letters out of sight when a tool that holds them is killed. */
const mostHoldSeconds = 900;
/** Letters a second that one connection receives at the least: ten a call, each call of 100 ms. */
const receivedPerSecond = 100;

/**
 * How long letters must be hidden for each to be seen once: long enough to receive all of them, and to do with
 * each what is to be done.
 *
 * @param letters how many are expected
 * @param perSecond how many a second are worked on; Infinity where they are only looked at
 */
export function visibilityTimeoutFor(letters: number, perSecond: number): number {
  const seconds = leastHoldSeconds + letters / receivedPerSecond + letters / perSecond;
  return Math.min(mostHoldSeconds, Math.ceil(seconds));
}

/**
 * Sees every letter of a queue once, and gives back what was not deleted: also where it fails or is cut short.
 *
 * A queue cannot be read without hiding what was read, so the letters stay hidden until the end. One whose time
 * runs out before comes again, and is not seen twice.
 *
 * @returns how many letters it saw, and whether the queue had no more
 * @throws what `visit` throws, or SQS
 */
export async function scan(
  queue: RestingQueue,
  { limit, visibilityTimeoutFor, signal, visit }: ScanOptions,
): Promise<{ seen: number; complete: boolean }> {
  const held = new Map<string, string>();
  let seen = 0;
  let repeats = 0;
  let isEmpty = false;
  try {
    while (!isEmpty && repeats < mostRepeats && seen < limit && !signal.aborted) {
      // Not cut off by the signal: what SQS had given out by then would stay hidden, and nobody would have it.
      const letters = await queue.receive(Math.min(10, limit - seen), visibilityTimeoutFor);
      const fresh = letters.filter(({ messageId }) => !held.has(messageId));
      for (const { messageId, receiptHandle } of letters) held.set(messageId, receiptHandle);
      isEmpty = letters.length === 0;
      repeats = fresh.length > 0 ? 0 : repeats + 1;
      seen += fresh.length;
      for (const { messageId } of await visit(fresh)) held.delete(messageId);
    }
  } finally {
    await queue.release([...held.values()]);
  }
  return { seen, complete: isEmpty };
}
