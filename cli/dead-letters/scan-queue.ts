import type { RedriveSource } from './redrive-source.ts';
import type { StoredMessage } from './stored-message.ts';

interface ScanOptions {
  /** The greatest number of messages that are looked at. */
  limit: number;
  /** For how many seconds a message is hidden from others, unless it is deleted or released before. */
  visibilityTimeout: number;
  /** No more messages are received once it aborts. */
  signal: AbortSignal;
  /** Takes up to ten messages that it has not got before. Gives those that it has deleted. */
  visit(messages: readonly StoredMessage[]): Promise<readonly StoredMessage[]>;
}

/** How many receives in a row may bring only messages that were seen before. Then the scan gives up on the others. */
const maxRepeats = 10;

const minHiddenSeconds = 30;
/** If a command is killed, the messages that it holds are hidden for so long at the most. */
const maxHiddenSeconds = 900;
/** Messages a second that one connection receives at the least: ten a call, each call of 100 ms. */
const receivedPerSecond = 100;

/**
 * For how many seconds messages must be hidden for each to be seen once: long enough to receive all of them, and to do
 * with each of them what is to be done.
 *
 * @param messages how many are expected
 * @param perSecond how many a second are worked on; Infinity if they are only looked at
 */
export function visibilityTimeoutFor(messages: number, perSecond: number): number {
  const seconds = minHiddenSeconds + messages / receivedPerSecond + messages / perSecond;
  return Math.min(maxHiddenSeconds, Math.ceil(seconds));
}

/**
 * Sees every message of a queue once, and releases those that were not deleted, even if it fails or is cut short.
 *
 * A queue cannot be read without hiding what was read, so the messages stay hidden until the end. A message whose time
 * is over before is received again, and is not seen twice.
 *
 * @returns how many messages it saw, and whether the queue had no more
 * @throws what `visit` throws, or SQS's error
 */
export async function scanQueue(
  { queue, read }: Pick<RedriveSource, 'queue' | 'read'>,
  { limit, visibilityTimeout, signal, visit }: ScanOptions,
): Promise<{ seen: number; complete: boolean }> {
  const held = new Map<string, string>();
  let seen = 0;
  let repeats = 0;
  let isEmpty = false;
  try {
    while (!isEmpty && repeats < maxRepeats && !signal.aborted) {
      const left = limit - seen;
      // At the limit, one receive more tells whether there are others. What it brings is released, and not visited.
      const max = left > 0 ? Math.min(10, left) : 1;
      // The signal does not cut off a receive: what SQS had given out by then would stay hidden, held by nobody.
      const messages = (await queue.receive(max, visibilityTimeout)).map(read);
      const fresh = messages.filter(({ messageId }) => !held.has(messageId));
      for (const { messageId, receiptHandle } of messages) held.set(messageId, receiptHandle);
      isEmpty = messages.length === 0;
      if (left === 0) break;
      repeats = fresh.length > 0 ? 0 : repeats + 1;
      seen += fresh.length;
      for (const { messageId } of await visit(fresh)) held.delete(messageId);
    }
  } finally {
    await queue.release([...held.values()]);
  }
  return { seen, complete: isEmpty };
}
