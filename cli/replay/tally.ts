import { pluralize } from '../shared/plural.ts';

/** What became of the records of an archive. */
export interface ReplayTally {
  /** How many events were put into the queue of each worker. */
  put: Record<string, number>;
  duplicates: number;
  /** Events of types that no worker handles. */
  unrouted: number;
  /** Signed by a secret that is bound to a sender or project which they, as they are read now, do not name. */
  unproved: number;
  /** Events from which no type can be read. */
  untyped: number;
  /** Lines that are no record. */
  broken: number;
}

/** Prints a tally. What a person has to look at goes to the error output. */
export function printTally(tally: ReplayTally, isDryRun: boolean): void {
  const { put, duplicates, unrouted, unproved, untyped, broken } = tally;
  const events = Object.values(put).reduce((sum, count) => sum + count, 0);
  const perWorker = Object.entries(put).map(([worker, count]) => `${worker} ${count}`);
  const to = perWorker.length === 0 ? '' : `: ${perWorker.join(', ')}`;
  console.log(`${pluralize(events, 'event')} ${isDryRun ? 'would be put' : 'put'} into queues${to}`);
  if (duplicates > 0) console.log(`${pluralize(duplicates, 'duplicate')} left out`);
  if (unrouted > 0) console.log(`${unrouted} left out, of types that no worker handles`);
  if (unproved > 0)
    console.error(`${unproved} left out: not of the sender or project that the secret is bound to`);
  if (untyped > 0) console.error(`${untyped} left out, from which no type can be read`);
  if (broken > 0) console.error(`${pluralize(broken, 'line')} of the archive could not be read`);
}
