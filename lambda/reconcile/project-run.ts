import { isDeepStrictEqual } from 'node:util';
import type { Listed, ListName } from './api/zavu-project.ts';
import { handledLists, handledTypes } from './handled-types.ts';
import { withLease } from './leased-run.ts';
import { walkList } from './list-walk.ts';
import { askAgain, noteOpen } from './open-messages.ts';
import type { ListProgress, Walk } from './progress/walks.ts';
import { noteBound, type Report } from './report.ts';
import { comparisonOf, createdIn, type Reconciler, type Run, recover, walkPropsOf } from './run.ts';
import { longestLookBackMs, overlapMs, settledAfterMs } from './window.ts';

/**
 * Reconciles a project: walks its lists from where the last run ended, and asks again for messages that were not final.
 * An event that is missing is in its worker's queue before the progress that says so is saved, so a run that is cut short
 * is continued by the next one, and what both do has the same ids.
 *
 * @returns undefined if another run holds the lease
 * @throws TestKeyRefused, and what Zavu's API, the tables and the queues throw
 */
export async function reconcileProject(reconciler: Reconciler): Promise<Report | undefined> {
  return withLease(reconciler, async (run) => {
    const lists = await longestAgoFirst(handledLists(run.routes), run);
    for (const name of lists) await reconcileList(name, run);
    if (lists.includes('messages')) await askAgain(run);
  });
}

/** A long list must not keep the others waiting in each run. */
async function longestAgoFirst(names: readonly ListName[], { progress, projectId }: Run) {
  const read = await Promise.all(
    names.map(async (name) => ({ name, doneTo: (await progress.read(projectId, name)).doneTo ?? 0 })),
  );
  return read.toSorted((one, other) => one.doneTo - other.doneTo).map(({ name }) => name);
}

async function reconcileList(name: ListName, run: Run): Promise<void> {
  const { progress, projectId, lease, report, now, log, isOver } = run;
  const before = await progress.read(projectId, name);
  if (before.since === undefined || before.doneTo === undefined) {
    // What came before may have been handled without being recorded.
    await progress.save(projectId, name, { since: now(), doneTo: now(), types: typesSince(name, run) });
    log.info('reconcile_began', { project: projectId, list: name });
    return;
  }
  const { since, doneTo } = before;
  // Events of a type that no worker handled were not lost: Zavu was not asked to send them.
  const types = typesSince(name, run, before);
  if (!isDeepStrictEqual(types, before.types)) await progress.save(projectId, name, { ...before, types });
  const kept = { since, types };
  const earliest = now() - longestLookBackMs;
  if (doneTo < earliest) noteBound(report, 'look_back');
  const begun = before.walk ?? newWalk(name, { since, doneTo, now: now() });
  // A walk may have been cut short so long ago that items of its span are gone: they would look as if they were missing.
  const walk = { ...begun, from: Math.max(begun.from, earliest) };
  if (walk.to <= doneTo) return;
  if (isOver()) {
    report.isComplete = false;
    return;
  }
  if (name === 'templates' && walk.pages === 0) await run.project.syncTemplates();
  const comparison = comparisonOf(run, kept);
  const isDone = await walkList({
    ...walkPropsOf(name, run),
    span: walk,
    begin: walk,
    startedAt: walk.startedAt,
    async onPage(objects, next) {
      await lease.renew();
      const chosen = createdIn(name, objects, walk);
      await recover(run, { name, objects: chosen, span: walk }, comparison);
      if (name === 'messages') await noteOpen(run, chosen as Listed['messages'][], walk);
      const { cursor: _cursor, ...rest } = walk;
      await progress.save(projectId, name, { ...kept, doneTo, walk: { ...rest, ...next } });
    },
  });
  if (isDone) await progress.save(projectId, name, { ...kept, doneTo: walk.to });
  else report.isComplete = false;
}

/** Since when a worker handles each event type of a list, in milliseconds: from now on, if none did at the last run. */
function typesSince(
  name: ListName,
  { routes, now }: Run,
  { since, types }: ListProgress = {},
): Record<string, number> {
  const begun = (types ? undefined : since) ?? now();
  return Object.fromEntries(handledTypes(name, routes).map((type) => [type, types?.[type] ?? begun]));
}

/** A walk over what is settled by now and was not before. */
function newWalk(
  name: ListName,
  { since, doneTo, now }: { since: number; doneTo: number; now: number },
): Walk {
  return {
    from: Math.max(since, doneTo - overlapMs[name]),
    to: now - settledAfterMs,
    startedAt: now,
    pages: 0,
  };
}
