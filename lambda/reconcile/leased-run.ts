import type { ZavuProject } from './api/zavu-project.ts';
import { emptyReport, type Report } from './report.ts';
import type { Reconciler, Run } from './run.ts';

/** An API key sees the test world only: there is nothing of what the senders really sent. */
export class TestKeyRefused extends Error {
  override readonly name = 'TestKeyRefused';
}

/** @throws TestKeyRefused, and what Zavu's API throws */
export async function identify(project: ZavuProject): Promise<string> {
  const { projectId, isTestMode } = await project.identity();
  if (isTestMode)
    throw new TestKeyRefused("The API key is one of Zavu's test mode: store the key of a live project.");
  return projectId;
}

/**
 * Does something in a project while no other run does.
 *
 * @returns the report; undefined if another run holds the lease
 */
export async function withLease(
  reconciler: Reconciler,
  act: (run: Run) => Promise<void>,
): Promise<Report | undefined> {
  const { project, progress, holder, log, signal } = reconciler;
  const projectId = await identify(project);
  const lease = await progress.acquire(projectId, holder);
  if (!lease) {
    log.info('reconcile_busy', { project: projectId });
    return undefined;
  }
  const report = emptyReport(projectId);
  try {
    await act({ ...reconciler, projectId, lease, report, recovered: new Set() });
  } catch (error) {
    // Zavu was being asked when the time was up: the next run asks again.
    if (!signal.aborted || error !== signal.reason) throw error;
    report.isComplete = false;
  } finally {
    await lease.release();
  }
  return report;
}
