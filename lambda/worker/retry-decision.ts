import type { Claim } from '../idempotency/step.ts';
import type { DeadLetterReason } from './retry.ts';
import type { Lost } from './runs.ts';

/** How often, and for how long, a worker's messages are tried. */
export interface Limits {
  /** Waits between attempts, in seconds: one attempt more than there are waits. */
  delaysSeconds: readonly number[];
  /** Receives after which SQS moves a message to the dead-letter queue by itself. */
  maxReceives: number;
  /** How old a message may become, in seconds from its send: SQS deletes it some time after that, in silence. */
  maxAgeSeconds: number;
  /** The longest wait that uses no attempt, in seconds: all receives with such a wait fit into the queue's retention. */
  maxPauseSeconds: number;
}

/** Why an event is not finished, and what was spent on it until now. */
export interface Situation {
  /** `postponed`: its function died with it before, and there was too little time left to run it alone. */
  outcome: Exclude<Claim['outcome'], 'done' | 'duplicate'> | 'postponed';
  /** Whether its handler said that no retry helps. */
  isPermanent: boolean;
  /** Runs that were begun. */
  runs: number;
  /** How the last run before this receive ended, if it did not say so itself. */
  lost: Lost | undefined;
  /** Whether all attempts were used up before this receive, so that nothing was run. */
  isOver: boolean;
  receives: number;
  ageSeconds: number;
  /** Whole seconds after which a claim that somebody else holds is completed or has lapsed. */
  claimSeconds: number;
}

/** When a message comes back, or why it becomes a dead letter. */
export type Verdict = { retryInSeconds: number } | { reason: DeadLetterReason };

/** How often an event's handler is run before the event is dead-lettered. */
export function maxAttempts({ delaysSeconds }: Limits): number {
  return delaysSeconds.length + 1;
}

/**
 * Judges what becomes of a message that is not finished. Attempts are runs. Receives and time are bounded besides, and
 * what runs out of them is dead-lettered here and not by SQS, which gives no reason, or deletes it.
 */
export function judge(situation: Situation, limits: Limits): Verdict {
  const { outcome, isPermanent, isOver, runs, lost, receives, ageSeconds } = situation;
  if (outcome === 'failed') {
    if (isOver) return { reason: lost ?? 'attempts_exhausted' };
    if (isPermanent) return { reason: 'permanent_failure' };
    if (runs >= maxAttempts(limits)) return { reason: 'attempts_exhausted' };
  }
  const retryInSeconds = waitAfter(situation, limits);
  const isLast = receives >= limits.maxReceives || ageSeconds + retryInSeconds > limits.maxAgeSeconds;
  return isLast ? { reason: lastReason(situation) } : { retryInSeconds };
}

function lastReason({ outcome, lost }: Situation): DeadLetterReason {
  switch (outcome) {
    case 'failed':
      return 'throttled';
    case 'postponed':
      return lost ?? 'throttled';
    default:
      return 'claim_unavailable';
  }
}

/**
 * After a run, the wait of the schedule. A wait that uses no attempt is a pause: it begins with a second and doubles,
 * up to a minute, or until the claim must have lapsed. If half of the receives are gone, an outage goes on, and the
 * rest of them is spread.
 */
function waitAfter({ outcome, runs, receives, claimSeconds }: Situation, limits: Limits): number {
  const { delaysSeconds, maxReceives, maxPauseSeconds } = limits;
  if (outcome === 'failed') return delaysSeconds[runs - 1] ?? delaysSeconds.at(-1) ?? 0;
  const isScarce = 2 * receives >= maxReceives;
  const doubled = 2 ** Math.min(receives - 1, 12);
  if (outcome !== 'unclaimed') return isScarce ? claimSeconds : Math.min(claimSeconds, doubled);
  return isScarce ? maxPauseSeconds : Math.min(60, maxPauseSeconds, doubled);
}
