import type { KnownItems } from '../messages/known-items.ts';
import type { Routes } from '../routing/routes.ts';
import type { Logger } from '../shared/log.ts';
import type { ListName, ZavuProject } from './api/zavu-project.ts';
import type { Comparison, MissingEvent } from './comparison.ts';
import type { Lease } from './progress/lease.ts';
import type { Progress } from './progress.ts';
import type { QueueFeed } from './queue-feed.ts';
import type { Report } from './report.ts';

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
  /** Whether the time is up. */
  isOver(): boolean;
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
  /** The ids of the events that it has made: their workers may take them later than it looks again. */
  made: Set<string>;
}

/** What a list of this run is compared with. */
export async function comparisonOf(name: ListName, run: Run, types: readonly string[]): Promise<Comparison> {
  const { project, projectId, known, routes, report, progress, made, now } = run;
  const recordedSince = (await progress.read(projectId, name)).since ?? now();
  return { project, projectId, known, routes, types, report, made, now, recordedSince };
}

/** Puts missing events into the queues of their workers. Each is a line of the log, which an alarm counts. */
export async function put({ feed, log }: Run, missing: readonly MissingEvent[]): Promise<void> {
  const workers = new Set(missing.map(({ worker }) => worker));
  for (const worker of workers) {
    const own = missing.filter((event) => event.worker === worker);
    await feed.send(
      worker,
      own.map(({ fed }) => fed),
    );
    for (const { type, at, id } of own)
      log.warn('event_recovered', { worker, type, id, happenedAt: new Date(at).toISOString() });
  }
}
