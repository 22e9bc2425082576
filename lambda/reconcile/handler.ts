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
 * deployment. Each project logs a report; a project that fails does not keep the others from their run.
 *
 * @returns a Lambda handler that throws AggregateError if a project could not be reconciled
 */
export function createReconcile(reconciliation: Reconciliation): () => Promise<void> {
  const { apiKeys, reconcilerOf, checkRegistrations, log, now } = reconciliation;
  return async () => {
    const errors: unknown[] = [];
    let isComplete = true;
    for (const apiKey of await apiKeys()) {
      const reconciler = reconcilerOf(apiKey);
      const startedAt = now();
      for (const step of [
        async () => {
          const report = await reconcileProject(reconciler);
          // Without a report somebody else holds the lease, and comes to the end or not.
          isComplete &&= report?.isComplete ?? false;
          logReport(log, report, now() - startedAt);
        },
        () => checkRegistrations(reconciler),
      ]) {
        try {
          await step();
        } catch (error) {
          log.error('reconcile_failed', errorFields(error));
          errors.push(error);
        }
      }
    }
    // One project that comes to no end must not hide behind those that do.
    log.info('run_ended', { state: isComplete && errors.length === 0 ? 'complete' : 'cut_short' });
    if (errors.length > 0) throw new AggregateError(errors, 'Some projects could not be reconciled.');
  };
}

/** One line for each project, and one for each bound that was hit, which an alarm counts. */
function logReport(log: Logger, report: Report | undefined, ms: number): void {
  if (!report) return;
  const { looked, had, impossible, first, last, unordered, bounds, isComplete } = report;
  for (const bound of bounds) log.warn('reconcile_truncated', { reason: bound });
  for (const list of unordered) log.warn('reconcile_unordered', { list });
  log.info('reconciled', {
    state: isComplete ? 'complete' : 'cut_short',
    looked,
    had,
    recovered: recoveredIn(report),
    impossible,
    ...(first === undefined ? {} : { first: new Date(first).toISOString() }),
    ...(last === undefined ? {} : { last: new Date(last).toISOString() }),
    ms,
  });
}
