import { setTimeout as sleep } from 'node:timers/promises';

/** Events a second: slow enough that live events, which share the queues, hardly notice. */
export const defaultRate = 50;
/** As fast as SQS's own redrive goes. */
export const maxRate = 500;

/**
 * Creates a rate limiter: each call waits for its turn, so that no more than `perSecond` items are let through a second.
 *
 * @returns takes how many items the call is for (1 by default), and gives whether to go on: false once the signal has
 * aborted
 */
export function createRateLimiter(
  perSecond: number,
  signal: AbortSignal,
): (items?: number) => Promise<boolean> {
  let next = 0;
  return async (items = 1) => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + (items * 1000) / perSecond;
    // A timer takes whole milliseconds, and leaves out what is after the point: that would be too early.
    await sleep(Math.ceil(turn - now), undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  };
}
