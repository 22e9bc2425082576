import type { KnownItems } from '../messages/known-items.ts';
import type { Routes } from '../routing/routes.ts';
import type { Logger } from '../shared/log.ts';
import type { ListName, ZavuProject } from './api/zavu-project.ts';
import type { Comparison, MissingEvent } from './comparison.ts';
import type { Lease } from './progress/lease.ts';
import type { Progress } from './progress.ts';
import type { QueueFeed } from './queue-feed.ts';
import { countRecovered, type Report } from './report.ts';

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
  /** The ids of the events that it has put into queues. */
  recovered: Set<string>;
}

/** What a list of this run is compared with. */
export async function comparisonOf(name: ListName, run: Run, types: readonly string[]): Promise<Comparison> {
  const { project, projectId, known, routes, report, progress, now } = run;
  const recordedSince = (await progress.read(projectId, name)).since ?? now();
  return { project, projectId, known, routes, types, report, recordedSince };
}

/**
 * Puts missing events into the queues of their workers, and counts them. Each is a line of the log, which an alarm counts. One
 * that this run has put before is left out: a walk may begin again before its worker has recorded it.
 *
 * @param isDryRun whether they are counted only
 */
export async function put(
  { feed, log, recovered, report }: Run,
  missing: readonly MissingEvent[],
  isDryRun = false,
): Promise<void> {
  const lacking = missing.filter(({ id }) => !recovered.has(id));
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
