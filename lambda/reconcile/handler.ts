import type { Logger } from '../shared/log.ts';
import { errorFields } from '../shared/log.ts';
import { reconcileProject } from './project-run.ts';
import { type Report, recoveredIn } from './report.ts';
import type { Reconciler } from './run.ts';

export interface Reconciliation {
  /** The API keys: one for each project of Zavu. */
  apiKeys(): Promise<readonly string[]>;
  /** What reconciles the project of a key, until the time that the run has is over. */
  reconcilerOf(apiKey: string): Reconciler;
  /** Compares the webhooks of a project's senders with this deployment. */
  checkRegistrations(reconciler: Reconciler): Promise<void>;
  now(): number;
  log: Logger;
}

/**
 * Creates the reconciler: it puts into the queues what Zavu gave up on, and compares the webhooks of all senders with this
 * deployment. Projects are reconciled side by side, each within its own budget of requests, so that none waits for another.
 * Each logs a report; one that fails does not keep the others from their run.
 *
 * @returns a Lambda handler that throws AggregateError if a project could not be reconciled
 */
export function createReconcile(reconciliation: Reconciliation): () => Promise<void> {
  const { apiKeys, reconcilerOf, checkRegistrations, log, now } = reconciliation;
  return async () => {
    const errors: unknown[] = [];
    const take = async <Result>(step: () => Promise<Result>): Promise<Result | 'failed'> => {
      try {
        return await step();
      } catch (error) {
        log.error('reconcile_failed', errorFields(error));
        errors.push(error);
        return 'failed';
      }
    };
    const keys = await apiKeys();
    const reports = await Promise.all(
      keys.map(async (apiKey) => {
        const reconciler = reconcilerOf(apiKey);
        const startedAt = now();
        // First: it takes a request or two, and what follows may take all the time.
        await take(() => checkRegistrations(reconciler));
        const report = await take(() => reconcileProject(reconciler));
        if (report && report !== 'failed') logReport(log, report, now() - startedAt);
        return report;
      }),
    );
    log.info('reconcile_ended', {
      state: errors.length === 0 && isComplete(reports) ? 'complete' : 'cut_short',
    });
    if (errors.length > 0) throw new AggregateError(errors, 'Some projects could not be reconciled.');
  };
}

/** Whether every project came to its end. One that another run is at does not count. */
function isComplete(reports: readonly (Report | 'failed' | undefined)[]): boolean {
  const own = reports.filter((report) => report !== undefined);
  return own.length > 0 && own.every((report) => report !== 'failed' && report.isComplete);
}

/** One line for each project, and one for each bound that was hit. */
function logReport(log: Logger, report: Report, ms: number): void {
  const { projectId, looked, had, impossible, first, last, unordered, bounds } = report;
  for (const bound of bounds) log.warn('reconcile_truncated', { reason: bound });
  for (const list of unordered) log.warn('reconcile_unordered', { list });
  log.info('reconciled', {
    project: projectId,
    state: report.isComplete ? 'complete' : 'cut_short',
    looked,
    had,
    recovered: recoveredIn(report),
    impossible,
    ...(first === undefined ? {} : { first: new Date(first).toISOString() }),
    ...(last === undefined ? {} : { last: new Date(last).toISOString() }),
    ms,
  });
}
