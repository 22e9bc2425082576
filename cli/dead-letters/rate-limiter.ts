import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Creates a turnstile: each call resolves in a turn of its own, so many a second.
 *
 * @returns whether there is still to be gone on: false once the signal has aborted
 */
export function createRateLimiter(perSecond: number, signal: AbortSignal): () => Promise<boolean> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + 1000 / perSecond;
    await sleep(turn - now, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  };
}
