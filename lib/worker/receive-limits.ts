import type { Limits } from '../../lambda/worker/retry-decision.ts';
import type { Settings } from '../settings/settings.ts';

/** The settings by which messages wait. */
export type Waiting = Pick<Settings, 'retryDelaysSeconds' | 'workerTimeoutSeconds' | 'queueRetentionDays'>;

/**
 * SQS hides a message for 12 hours at most, counted from its receive.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const maxHiddenSeconds = 43_200;
/** What an event may wait in its queue before its first attempt, beside all its retries. */
export const queuedSeconds = 3_600;

/**
 * How long a worker's queue hides a message that it has received, in seconds: six timeouts of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function visibilityTimeoutSeconds(timeoutSeconds: number): number {
  return 6 * timeoutSeconds;
}

/** The most that SQS takes for it. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const maxReceivesOfSqs = 1_000;

/**
 * How many receives a message must have: one for each attempt; the first one again, since a function that dies in it
 * leaves no record; and one to be dead-lettered, if the function died in the last attempt (docs/decisions/0024).
 *
 * @param delaysSeconds waits between the attempts; there is one attempt more than there are waits
 */
export function minReceives(delaysSeconds: readonly number[]): number {
  return delaysSeconds.length + 3;
}

/**
 * What bounds a worker's message beside its attempts. A receive is no attempt: Lambda throttles some, and others wait
 * for a claim. So there are as many as fit into the queue's retention, at a visibility timeout each, which is what one
 * takes that is throttled, or whose function dies.
 *
 * @param timeoutSeconds of the worker's function
 */
export function receiveLimits(settings: Waiting, timeoutSeconds: number): Omit<Limits, 'delaysSeconds'> {
  const { retryDelaysSeconds, queueRetentionDays } = settings;
  const retention = queueRetentionDays * 86_400;
  const hidden = visibilityTimeoutSeconds(timeoutSeconds);
  const left = retention - queuedSeconds - totalOf(retryDelaysSeconds);
  const fitting = Math.max(minReceives(retryDelaysSeconds), Math.floor(left / hidden));
  const maxReceives = Math.min(maxReceivesOfSqs, fitting);
  return {
    maxReceives,
    // After a wait there is still time for two receives that are throttled, or in which the function dies.
    maxAgeSeconds: retention - 2 * hidden,
    maxPauseSeconds: Math.min(maxHiddenSeconds - hidden, Math.floor(left / maxReceives) - timeoutSeconds),
  };
}

/**
 * How long an event may live in its queue, in seconds: an hour until its first attempt, all waits, and all receives, each of
 * which takes a visibility timeout at the most.
 *
 * @param timeoutSeconds of the worker's function
 */
export function lifeSeconds(
  { retryDelaysSeconds }: Pick<Waiting, 'retryDelaysSeconds'>,
  timeoutSeconds: number,
): number {
  const receives = minReceives(retryDelaysSeconds);
  return queuedSeconds + totalOf(retryDelaysSeconds) + receives * visibilityTimeoutSeconds(timeoutSeconds);
}

/**
 * How long a worker may take no events, in seconds, so that every event still has the time for all of its attempts. When
 * the pause begins, an event may be as old as it can be, and have only its last attempt left.
 *
 * @param timeoutSeconds of the worker's function
 */
export function longestPauseSeconds(settings: Waiting, timeoutSeconds: number): number {
  return Math.max(0, settings.queueRetentionDays * 86_400 - lifeSeconds(settings, timeoutSeconds));
}

export function totalOf(waits: readonly number[]): number {
  return waits.reduce((sum, wait) => sum + wait, 0);
}
