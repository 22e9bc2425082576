import type { Logger } from '../shared/log.ts';
import type { Backlog } from './backlog.ts';
import type { WorkerEventSource } from './event-sources.ts';
import { ended, endOf, type Pause } from './pause.ts';

export interface Keeper {
  sources: readonly WorkerEventSource[];
  /** How long the queues keep an event. */
  retentionSeconds: number;
  /** The latest pause of a worker, also if it has ended; undefined if there is none. */
  latest(worker: string): Promise<Pause | undefined>;
  /**
   * Puts a pause in place of the one that was found, or removes it, unless somebody has changed it meanwhile.
   *
   * @returns whether it did
   */
  replace(worker: string, found: Pause, by?: Pause): Promise<boolean>;
  /** What is in the queue of a worker. */
  backlog(worker: string): Promise<Backlog>;
  /** Whether Lambda polls an event source, or is about to; undefined while a change is under way that may end either way. */
  isPolling(id: string): Promise<boolean | undefined>;
  setPolling(id: string, isOn: boolean): Promise<void>;
  now(): number;
  log: Logger;
}

/**
 * How long after its end the keeper starts a worker whose event source is off again: a run that began before the end may
 * have stopped it after the end, and runs take half a minute at most.
 */
const restartMs = 15 * 60_000;

/**
 * Creates the keeper of pauses. It compares the record of each worker's pause with its event source: it stops an event
 * source that a deployment or a person started meanwhile, and it starts one again when its pause is over. It removes the
 * record when no event of the pause is left. It logs one line for every worker that takes no events, which an alarm counts.
 *
 * @returns a Lambda handler that throws AggregateError if a worker's pause could not be kept; the others are kept all the
 * same
 */
export function createKeeper(keeper: Keeper): () => Promise<void> {
  return async () => {
    const kept = await Promise.allSettled(keeper.sources.map((source) => keep(keeper, source)));
    const errors = kept.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'The pauses of some workers were not kept.');
  };
}

async function keep(keeper: Keeper, source: WorkerEventSource): Promise<void> {
  const { latest, isPolling, now, log } = keeper;
  const { worker, id } = source;
  // Before the record: a person's command writes that first, so the record of what is off by a pause is found here.
  const polls = await isPolling(id);
  const pause = await latest(worker);
  if (!pause) {
    // Somebody stopped it in another way. It is theirs to start, but nobody may forget it.
    if (polls === false) log.warn('paused', { worker, reason: 'no_record' });
    return;
  }
  if (pause.hasEnded) return followUp(keeper, source, pause, polls);
  const end = endOf(pause, source);
  if (Number.isNaN(end)) log.error('pause_unreadable', { worker });
  return end > now() ? hold(keeper, source, end, polls) : finish(keeper, source, pause, polls);
}

/** Keeps a worker stopped whose pause lasts. */
async function hold(
  { latest, setPolling, now, log }: Keeper,
  { worker, id }: WorkerEventSource,
  end: number,
  polls: boolean | undefined,
): Promise<void> {
  if (polls !== false) {
    await setPolling(id, false);
    const found = await latest(worker);
    if (!found || found.hasEnded) {
      // A person resumed the worker between both looks. If Lambda is still busy with the change, the next run starts it.
      await setPolling(id, true);
      return;
    }
    log.warn('pause_restored', { worker });
  }
  log.info('paused', { worker, ms: end - now() });
}

/** Starts a worker whose pause is over, or cannot be read: then nobody knows how long its events are safe. */
async function finish(
  { replace, setPolling, now, log }: Keeper,
  source: WorkerEventSource,
  pause: Pause,
  polls: boolean | undefined,
): Promise<void> {
  const { worker, id } = source;
  // The record goes last: if this run dies in between, or Lambda is busy, the next one finds it and does the rest.
  if (polls !== true) await setPolling(id, true);
  // If somebody made it longer meanwhile, the next run finds that.
  if (await replace(worker, pause, ended(pause, source, now()))) log.info('pause_ended', { worker });
}

/** Removes the record of a pause that has ended, when none of its events can wait any more. */
async function followUp(
  keeper: Keeper,
  { worker, id, longestPauseSeconds }: WorkerEventSource,
  pause: Pause,
  polls: boolean | undefined,
): Promise<void> {
  const { retentionSeconds, replace, backlog, setPolling, now, log } = keeper;
  const isPast = (since: number, seconds: number) => now() >= since + seconds * 1000;
  if (polls !== true) {
    if (polls === undefined) return;
    // Later, somebody stopped it in another way.
    if (!(now() - pause.until <= restartMs)) return log.warn('paused', { worker, reason: 'no_record' });
    await setPolling(id, true);
    return log.warn('pause_ended', { worker, reason: 'stopped_again' });
  }
  const { drained } = pause;
  const { waiting, hidden } = await backlog(worker);
  if (drained === undefined) {
    if (isPast(pause.until, retentionSeconds)) await replace(worker, pause);
    else if (waiting === 0) await replace(worker, pause, { ...pause, drained: now() });
    return;
  }
  // What waited had been received when the queue was drained. So it is gone at the second look that finds nothing, or, in
  // a queue that is never empty, after all the attempts and waits for which a pause leaves time.
  const life = retentionSeconds - longestPauseSeconds;
  if (waiting + hidden === 0 || isPast(drained, life)) await replace(worker, pause);
}
