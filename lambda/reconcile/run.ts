import type { KnownItems } from '../messages/known-items.ts';
import type { Routes } from '../routing/routes.ts';
import type { Logger } from '../shared/log.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import { type Comparison, type MissingEvent, missingEvents, type Span } from './comparison.ts';
import { wholeLists } from './list-walk.ts';
import type { Lease } from './progress/lease.ts';
import type { ListProgress } from './progress/walks.ts';
import type { Progress } from './progress.ts';
import type { QueueFeed } from './queue-feed.ts';
import { countRecovered, type Report } from './report.ts';
import { createdAt } from './times.ts';

/** What reconciles one project of Zavu. */
export interface Reconciler {
  project: ZavuProject;
  known: KnownItems;
  progress: Progress;
  feed: Pick<QueueFeed, 'send'>;
  routes: Routes;
  log: Logger;
  /** Who holds the lease: no two runs have the same. */
  holder: string;
  /** Milliseconds. */
  now(): number;
  /** Whether the time is up. What is begun then is finished. */
  isOver(): boolean;
  /** Ends what Zavu is asked for, when there is no time left to finish it. */
  signal: AbortSignal;
  /**
   * How many messages are asked for one by one, of each kind.
   *
   * @default 500
   */
  maxOpenMessages?: number;
}

/** A run that holds the lease of its project. */
export interface Run extends Reconciler {
  projectId: string;
  lease: Lease;
  report: Report;
  /** The ids of the events that it has put into queues: their workers may take them later than it looks again. */
  recovered: Set<string>;
}

/**
 * What a list of this run is compared with.
 *
 * @param progress of the list
 * @param types to compare; an empty list means all
 */
export function comparisonOf(
  run: Run,
  { since, types: typesSince = {} }: ListProgress,
  types: readonly string[] = [],
): Comparison {
  const { project, projectId, known, routes, report, recovered, now } = run;
  const recordedSince = since ?? now();
  return { project, projectId, known, routes, types, typesSince, report, recovered, now, recordedSince };
}

/** How many objects are looked up at once. */
const parallelLookups = 10;

/**
 * Puts what is missing of objects of one list into the queues, a few at a time: of each missing event Zavu is asked for more,
 * and a run that has no time for a whole page must come further all the same.
 *
 * @param span when what counts happened
 * @param isDryRun whether it is counted only
 */
export async function recover<Name extends ListName>(
  run: Run,
  { name, objects, span }: { name: Name; objects: readonly Listed[Name][]; span: Span },
  comparison: Comparison,
  isDryRun = false,
): Promise<void> {
  for (let index = 0; index < objects.length; index += parallelLookups) {
    const some = objects.slice(index, index + parallelLookups);
    await put(run, await missingEvents(name, some, span, comparison), isDryRun);
  }
}

/**
 * Puts missing events into the queues of their workers, and counts them. Each is a line of the log, which an alarm counts. One
 * that this run has put before is left out: a walk may begin again before its worker has recorded it.
 *
 * @throws LeaseLost, before it puts any
 */
async function put(
  { feed, lease, log, recovered, report }: Run,
  missing: readonly MissingEvent[],
  isDryRun: boolean,
): Promise<void> {
  const lacking = missing.filter(({ id }) => !recovered.has(id));
  // It took a while if Zavu was asked for each.
  if (lacking.length > 0) await lease.renew();
  const workers = new Set(lacking.map(({ worker }) => worker));
  for (const worker of workers) {
    const own = lacking.filter((event) => event.worker === worker);
    if (!isDryRun)
      await feed.send(
        worker,
        own.map(({ fed }) => fed),
      );
    for (const { type, at, id } of own) {
      recovered.add(id);
      countRecovered(report, type, at);
      if (!isDryRun)
        log.warn('event_recovered', { worker, type, id, happenedAt: new Date(at).toISOString() });
    }
  }
}

/** What each walk of a run has. */
export function walkPropsOf<Name extends ListName>(name: Name, { project, report, isOver }: Run) {
  return { project, name, report, isOver };
}

/** The objects that a walk is about: of a list that changes in place, all. */
export function createdIn<Name extends ListName>(
  name: Name,
  objects: readonly Listed[Name][],
  { from, to }: Span,
): readonly Listed[Name][] {
  if (wholeLists.has(name)) return objects;
  return objects.filter((object) => createdAt(object) > from && createdAt(object) <= to);
}
