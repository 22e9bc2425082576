import type { WorkerEventSource } from './event-sources.ts';

/** That a worker takes no events, or that it took none. Times are in milliseconds since the epoch, NaN if unreadable. */
export interface Pause {
  /** Since when events may wait: when this pause began, or an earlier one whose events may wait still. */
  since: number;
  /** When the keeper ends it; when it ended, if it has. */
  until: number;
  /**
   * Whether it has ended. Its record stays as long as its events may wait, because SQS counts their age on: the next pause
   * counts from the same beginning.
   */
  hasEnded?: true;
  /** When it had ended and no event waited any more that the worker had not received since. */
  drained?: number;
}

type Limits = Pick<WorkerEventSource, 'longestPauseSeconds'>;

/** Since when events may wait. If nobody can read it, the pause has lasted as long as any may. */
export function beginningOf({ since }: Pause, { longestPauseSeconds }: Limits, now: number): number {
  return Number.isNaN(since) ? now - longestPauseSeconds * 1000 : since;
}

/**
 * When a pause is over: as it says, and never later than its events are safe.
 *
 * @returns NaN if nobody can read it
 */
export function endOf({ since, until }: Pause, { longestPauseSeconds }: Limits): number {
  return Math.min(until, since + longestPauseSeconds * 1000);
}

/** A pause once it has ended. */
export function ended(pause: Pause, limits: Limits, now: number): Pause {
  // A keeper of a version that did not mark what has ended finds that its time is over, and ends it.
  return { since: beginningOf(pause, limits, now), until: now, hasEnded: true };
}
