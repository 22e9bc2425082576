import { setTimeout as sleep } from 'node:timers/promises';
import { exchange } from './raw-http.ts';

/** A server's clock, as far as it is known here. */
export interface TargetClock {
  /** How far it is ahead of ours, in milliseconds. */
  aheadMs: number;
  /** How wrong that may be, in milliseconds. */
  uncertainMs: number;
}

/** The clock of a server on this machine. */
export const sameClock: TargetClock = { aheadMs: 0, uncertainMs: 0 };

/**
 * Finds out about the clock of a server, in about a second.
 *
 * A `Date` header has whole seconds. Each answer says that the server's clock was within that second at some
 * moment between sending and receiving; several of them, spread over a second, leave little more than the
 * time that one answer takes.
 *
 * @throws Error if its answers have no `Date`
 */
export async function readClock(url: string): Promise<TargetClock> {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let probe = 0; probe < 10; probe++) {
    const sentAt = Date.now();
    const { headers } = await exchange(url, { method: 'GET' });
    const second = Date.parse(headers.date ?? '');
    if (Number.isNaN(second)) throw new Error(`${url} answers without a Date: its clock cannot be known.`);
    least = Math.max(least, second - Date.now());
    most = Math.min(most, second + 1000 - sentAt);
    await sleep(110);
  }
  return { aheadMs: (least + most) / 2, uncertainMs: 300 };
}
