import { isDeepStrictEqual } from 'node:util';
import type { Routes } from '../routing/routes.ts';
import { type Listed, type ListName, listNames, type ZavuProject } from './api/zavu-project.ts';
import type { Span } from './comparison.ts';
import { walkList } from './list-walk.ts';
import { askAgain, noteOpen } from './open-messages.ts';
import type { ListProgress, Walk } from './progress/walks.ts';
import { emptyReport, noteBound, type Report } from './report.ts';
import { comparisonOf, type Reconciler, type Run, recover } from './run.ts';
import { createdAt } from './times.ts';
import { changesForMs, longestLookBackMs, overlapMs, settledAfterMs } from './window.ts';

/** An API key sees the test world only: there is nothing of what the senders really sent. */
export class TestKeyRefused extends Error {
  override readonly name = 'TestKeyRefused';
}

/** The types of event that each list can rebuild. */
const typesOf: Readonly<Record<ListName, RegExp>> = {
  messages: /^message\./,
  conversations: /^conversation\./,
  calls: /^call\./,
  invitations: /^invitation\./,
  templates: /^template\./,
  broadcasts: /^broadcast\./,
};

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
    const { project, lease, report } = run;
    const lists = handledLists(run.routes, types);
    for (const [index, name] of lists.entries()) {
      if (name === 'templates' && !isDryRun) await project.syncTemplates();
      // Whoever names a time that is earlier was asked whether that is right.
      const comparison = { ...(await comparisonOf(name, run, types)), typesSince: {} };
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

async function identify(project: ZavuProject): Promise<string> {
  const { projectId, isTestMode } = await project.identity();
  if (isTestMode)
    throw new TestKeyRefused("The API key is one of Zavu's test mode: store the key of a live project.");
  return projectId;
}

/** @returns the report; undefined if another run holds the lease */
async function withLease(
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

/** The lists of which a worker handles an event. */
function handledLists(routes: Routes, types: readonly string[] = []): readonly ListName[] {
  return listNames.filter((name) => handledTypes(name, routes, types).length > 0);
}

/** The event types of a list that a worker handles. */
function handledTypes(name: ListName, routes: Routes, types: readonly string[] = []): readonly string[] {
  const asked = routes.types.filter((type) => types.length === 0 || types.includes(type));
  return asked.filter((type) => typesOf[name].test(type));
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
  const comparison = await comparisonOf(name, run, []);
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

function walkPropsOf<Name extends ListName>(name: Name, { project, report, isOver }: Run) {
  return { project, name, report, isOver };
}

/** The objects that a walk is about: of a list that changes in place, all. */
function createdIn<Name extends ListName>(
  name: Name,
  objects: readonly Listed[Name][],
  { from, to }: Span,
): readonly Listed[Name][] {
  if (name === 'invitations' || name === 'templates' || name === 'broadcasts') return objects;
  return objects.filter((object) => createdAt(object) > from && createdAt(object) <= to);
}
