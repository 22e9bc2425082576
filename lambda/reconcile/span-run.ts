import type { Span } from './comparison.ts';
import { handledLists, handledTypes } from './handled-types.ts';
import { identify, withLease } from './leased-run.ts';
import { walkList } from './list-walk.ts';
import type { Report } from './report.ts';
import { comparisonOf, createdIn, type Reconciler, recover, walkPropsOf } from './run.ts';
import { createdAt } from './times.ts';
import { changesForMs } from './window.ts';

/**
 * Reconciles what happened in a span of time that a person names, whatever the progress of the hourly runs.
 *
 * @param types to reconcile; an empty list means all
 * @param onPage is told after each page, with how much of the lists is behind it: 0 to 1
 * @returns undefined if another run holds the lease
 */
export async function reconcileSpan(
  reconciler: Reconciler,
  span: Span,
  {
    types,
    isDryRun,
    onPage,
  }: { types: readonly string[]; isDryRun: boolean; onPage(report: Report, share: number): void },
): Promise<Report | undefined> {
  return withLease(reconciler, async (run) => {
    const { project, projectId, progress, lease, report } = run;
    const lists = handledLists(run.routes, types);
    for (const [index, name] of lists.entries()) {
      if (name === 'templates' && !isDryRun) await project.syncTemplates();
      const { types: _types, ...recorded } = await progress.read(projectId, name);
      // Of every type alike: whoever names a time that is earlier was asked whether that is right.
      const comparison = comparisonOf(run, recorded, types);
      const created = { from: span.from - (changesForMs[name] ?? 0), to: span.to };
      const isDone = await walkList({
        ...walkPropsOf(name, run),
        span: created,
        begin: { pages: 0 },
        startedAt: run.now(),
        async onPage(objects) {
          await lease.renew();
          const chosen = createdIn(name, objects, created);
          await recover(run, { name, objects: chosen, span }, comparison, isDryRun);
          onPage(report, (index + shareOf(objects, created.from, run.now())) / lists.length);
        },
      });
      report.isComplete &&= isDone;
    }
  });
}

/** How much of the way from now back to a time a page of a list has come. */
function shareOf(objects: readonly { createdAt?: unknown }[], from: number, now: number): number {
  const oldest = Math.min(now, ...objects.map(createdAt).filter((time) => !Number.isNaN(time)));
  return Math.min(1, (now - oldest) / (now - from));
}

/**
 * Since when this deployment compares all lists of some event types, in milliseconds.
 *
 * @param types an empty list means all
 * @returns undefined if no run has begun with one of them yet
 */
export async function comparedSince(
  { project, progress, routes }: Reconciler,
  types: readonly string[],
): Promise<number | undefined> {
  const projectId = await identify(project);
  const lists = await Promise.all(
    handledLists(routes, types).map(async (name) => {
      const { since, types: begun = {} } = await progress.read(projectId, name);
      const asked = handledTypes(name, routes, types).map((type) => begun[type] ?? since);
      return [since, ...asked];
    }),
  );
  const all = lists.flat();
  const begun = all.filter((since) => since !== undefined);
  return begun.length === all.length && begun.length > 0 ? Math.max(...begun) : undefined;
}
