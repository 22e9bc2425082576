import type { WorkerEventSource } from '../../lambda/pauses/event-sources.ts';
import { beginningOf, ended, type Pause } from '../../lambda/pauses/pause.ts';
import { UsageError } from '../shared/command.ts';
import type { WorkerPauses } from '../shared/worker-pauses.ts';
import { duration } from './duration.ts';
import { settle } from './settle.ts';

/**
 * The pause that a worker is to have. If events of the latest pause may still wait, it counts from the beginning of that one:
 * an attempt in between has made no event younger.
 *
 * @param forMs how long it is to last from now; undefined for as long as events are safe
 * @param before the latest pause, which lasts already, or has ended
 * @throws UsageError if it is longer than events are safe
 */
export function planPause(
  source: WorkerEventSource,
  forMs: number | undefined,
  before: Pause | undefined,
  now: number,
): Pause {
  const { worker, longestPauseSeconds } = source;
  const since = before ? beginningOf(before, source, now) : now;
  const safeUntil = since + longestPauseSeconds * 1000;
  const until = forMs === undefined ? safeUntil : now + forMs;
  if (until > safeUntil || safeUntil <= now) {
    const latest =
      safeUntil > now
        ? `can be paused until ${new Date(safeUntil).toISOString()} at the latest (${duration(safeUntil - now)} from now): after that,`
        : 'cannot be paused now:';
    const next = before?.hasEnded
      ? `${together(before)}. Let the worker empty its queue: then the next pause counts by itself again, within ten minutes or so. In a queue that is never empty it takes some hours.`
      : 'Raise the setting queueRetentionDays to have longer.';
    throw new UsageError(
      `The ${worker} worker ${latest} events would not have the time for all of their attempts before SQS deletes them. ${next}`,
    );
  }
  if (until <= now) throw new UsageError('--for must be longer than 0.');
  return { since, until };
}

/**
 * Why a pause counts from before its own beginning, and until when it may last.
 *
 * @param before the latest pause before it
 * @returns a sentence; undefined if it counts by itself, or goes on
 */
export function earlierNote(
  { longestPauseSeconds }: WorkerEventSource,
  { since }: Pause,
  before: Pause | undefined,
): string | undefined {
  if (!before?.hasEnded) return undefined;
  const safeUntil = new Date(since + longestPauseSeconds * 1000).toISOString();
  return `${together(before)}: until ${safeUntil} at the latest.`;
}

function together({ since }: Pause): string {
  const beginning = Number.isNaN(since) ? '' : ` that began at ${new Date(since).toISOString()}`;
  return `Events of the pause${beginning} may still wait in its queue, so both pauses count together`;
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
 * Resumes workers: it records that each pause has ended, and starts the event source. The record comes first, so that the
 * keeper does not stop the event source again, and starts it if this is cut short in between.
 *
 * @returns the workers that take events again
 */
export async function resume(
  pauses: Pick<WorkerPauses, 'find' | 'put' | 'state' | 'setPolling'>,
  sources: readonly WorkerEventSource[],
  withinMs: number,
): Promise<Set<string>> {
  for (const source of sources) {
    const found = await pauses.find(source.worker);
    if (found) await pauses.put(source.worker, ended(found, source, Date.now()));
  }
  const started = await Promise.all(
    sources.map(async (source) => ((await settle(pauses, source, true, withinMs)) ? [source.worker] : [])),
  );
  return new Set(started.flat());
}
