import type { Logger } from '../shared/log.ts';
import type { WorkerEventSource } from './event-sources.ts';
import type { Pause } from './pause-records.ts';

export interface Keeper {
  sources: readonly WorkerEventSource[];
  /** The pause of a worker; undefined if there is none. */
  find(worker: string): Promise<Pause | undefined>;
  /** Removes a pause that is over, unless it was made longer meanwhile. */
  remove(worker: string, pause: Pause): Promise<void>;
  /** Whether Lambda polls an event source, or is about to; undefined while a change is under way that may end either way. */
  isPolling(id: string): Promise<boolean | undefined>;
  setPolling(id: string, isOn: boolean): Promise<void>;
  now(): number;
  log: Logger;
}

/**
 * Creates the keeper of pauses. It compares the record of each worker's pause with its event source: it stops an event
 * source that a deployment or a person started meanwhile, and it starts one again when its pause is over. It logs one line
 * for every worker that takes no events, which an alarm counts.
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

async function keep(keeper: Keeper, { worker, id }: WorkerEventSource): Promise<void> {
  const { find, isPolling, setPolling, now, log } = keeper;
  const pause = await find(worker);
  const polls = await isPolling(id);
  if (!pause) {
    // Somebody stopped it in another way. It is theirs to start, but nobody may forget it.
    if (polls === false) log.warn('paused', { worker, reason: 'no_record' });
    return;
  }
  if (pause.until <= now()) {
    // The record goes last: if this run dies in between, or Lambda is busy, the next one finds it and does the rest.
    if (polls !== true) await setPolling(id, true);
    await keeper.remove(worker, pause);
    log.info('pause_ended', { worker });
    return;
  }
  if (polls !== false) {
    await setPolling(id, false);
    if (!(await find(worker))) {
      // A person resumed the worker between both looks. Lambda may still be busy with the change: the error is seen, and
      // the next run says that there is no record.
      await setPolling(id, true);
      return;
    }
    log.warn('pause_restored', { worker });
  }
  log.info('paused', { worker, ms: pause.until - now() });
}
