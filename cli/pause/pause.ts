import type { WorkerEventSource } from '../../lambda/pauses/event-sources.ts';
import type { Pause } from '../../lambda/pauses/pause-records.ts';
import { UsageError } from '../shared/command.ts';
import type { WorkerPauses } from '../shared/worker-pauses.ts';
import { duration } from './duration.ts';
import { settle } from './settle.ts';

/**
 * The pause that a worker is to have. One that lasts keeps its beginning: its first events are not younger for it.
 *
 * @param forMs how long it is to last from now; undefined for as long as events are safe
 * @param before the pause that lasts already
 * @throws UsageError if it is longer than events are safe
 */
export function planPause(
  { worker, longestPauseSeconds }: WorkerEventSource,
  forMs: number | undefined,
  before: Pause | undefined,
  now: number,
): Pause {
  const since = before?.since ?? now;
  const safeUntil = since + longestPauseSeconds * 1000;
  const until = forMs === undefined ? safeUntil : now + forMs;
  if (until > safeUntil || safeUntil <= now) {
    throw new UsageError(
      `The ${worker} worker can be paused until ${new Date(safeUntil).toISOString()} at the latest (${duration(Math.max(0, safeUntil - now))} from now): after that, events would not have the time for all of their attempts before SQS deletes them. Raise the setting queueRetentionDays to have longer.`,
    );
  }
  if (until <= now) throw new UsageError('--for must be longer than 0.');
  return { since, until };
}

/**
 * Pauses workers: it records each pause, and stops the event source. The record comes first, so that a pause that is cut
 * short here is completed by the keeper.
 *
 * @param plan by worker
 * @param withinMs how long to wait for Lambda
 * @returns the workers whose event sources Lambda has stopped
 */
export async function pause(
  pauses: Pick<WorkerPauses, 'put' | 'state' | 'setPolling'>,
  plan: ReadonlyMap<WorkerEventSource, Pause>,
  withinMs: number,
): Promise<Set<string>> {
  for (const [{ worker }, planned] of plan) await pauses.put(worker, planned);
  const stopped = await Promise.all(
    [...plan.keys()].map(async (source) =>
      (await settle(pauses, source, false, withinMs)) ? [source.worker] : [],
    ),
  );
  return new Set(stopped.flat());
}

/**
 * Resumes workers: it removes each record and starts the event source. The record goes first, so that the keeper does not
 * stop the event source again. If this is cut short in between, an alarm says that the worker takes no events.
 *
 * @returns the workers that take events again
 */
export async function resume(
  pauses: Pick<WorkerPauses, 'remove' | 'state' | 'setPolling'>,
  sources: readonly WorkerEventSource[],
  withinMs: number,
): Promise<Set<string>> {
  for (const { worker } of sources) await pauses.remove(worker);
  const started = await Promise.all(
    sources.map(async (source) => ((await settle(pauses, source, true, withinMs)) ? [source.worker] : [])),
  );
  return new Set(started.flat());
}
