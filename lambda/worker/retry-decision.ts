import type { Finished, StepOutcome } from '../idempotency/step.ts';
import type { DeadLetterReason } from '../queued-event/dead-letter.ts';
import type { Lost, Run } from './runs.ts';

/** How often, and for how long, a worker's messages are tried. */
export interface Limits {
  /** Waits between attempts, in seconds: one attempt more than there are waits. */
  delaysSeconds: readonly number[];
  /** Receives after which SQS moves a message to the dead-letter queue by itself. */
  maxReceives: number;
  /** How old a message may become, in seconds from its send. Some time later SQS would delete it without notice. */
  maxAgeSeconds: number;
  /** The longest wait that uses no attempt, in seconds: the queue's retention has room for it at every receive. */
  maxPauseSeconds: number;
}

/**
 * The outcomes of a step after which its event is not finished. `postponed`: nothing was run, because too little of the
 * function's time is left. `unrecorded`: nothing was run, because the messages table did not take the event.
 */
export type Unfinished =
  | Exclude<StepOutcome, Finished>
  | { outcome: 'postponed' }
  | { outcome: 'unrecorded'; error: unknown };

/** Why an event is not finished, and what was spent on it so far. */
export interface Situation {
  /** `postponed`: its function died with it before, and too little time was left to run it alone. */
  outcome: Unfinished['outcome'];
  /** Whether its handler threw `PermanentFailure`. */
  isPermanent: boolean;
  /** Runs that were begun. */
  runs: number;
  /** How the last run before this receive ended, if it could not record that itself. */
  lost: Lost | undefined;
  /** Whether all attempts were used up before this receive, so that nothing was run. */
  isOver: boolean;
  receives: number;
  ageSeconds: number;
  /** Whole seconds after which a claim that another invocation holds must have been completed or have expired. */
  claimSeconds: number;
}

/** When a message comes back, or why it becomes a dead letter. */
type RetryDecision = { retryInSeconds: number } | { reason: DeadLetterReason };

/** How often an event's handler is run before the event is dead-lettered. */
export function maxAttempts({ delaysSeconds }: Limits): number {
  return delaysSeconds.length + 1;
}

/** Whether a message's attempts were used up before this receive, so that nothing may be run any more. */
export function attemptsAreOver({ before }: Pick<Run, 'before'>, limits: Limits): boolean {
  return before.count >= maxAttempts(limits);
}

/**
 * Decides what becomes of a message whose event is not finished. Its attempts are limited and, besides, its receives
 * and its time in the queue. A message that runs out of those is dead-lettered here: SQS would move it without a
 * reason, or delete it.
 */
export function decideRetry(situation: Situation, limits: Limits): RetryDecision {
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
    case 'unrecorded':
      return 'messages_unavailable';
    default:
      return 'claim_unavailable';
  }
}

/**
 * After a run, the wait of the schedule. A wait that uses no attempt is a pause: it begins with a second and doubles,
 * up to a minute, or until the claim must have expired. If half of the receives are used, an outage goes on, and the
 * pauses become as long as the other half allows.
 */
function waitAfter({ outcome, runs, receives, claimSeconds }: Situation, limits: Limits): number {
  const { delaysSeconds, maxReceives, maxPauseSeconds } = limits;
  if (outcome === 'failed') return delaysSeconds[runs - 1] ?? delaysSeconds.at(-1) ?? 0;
  const isScarce = 2 * receives >= maxReceives;
  const doubled = 2 ** Math.min(receives - 1, 12);
  if (outcome === 'unclaimed' || outcome === 'unrecorded')
    return isScarce ? maxPauseSeconds : Math.min(60, maxPauseSeconds, doubled);
  return isScarce ? claimSeconds : Math.min(claimSeconds, doubled);
}
