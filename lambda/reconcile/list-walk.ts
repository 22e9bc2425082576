import { CursorExpired } from './api/api-errors.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import type { Span } from './comparison.ts';
import { createdAt } from './created-at.ts';
import { noteBound, type Report } from './report.ts';

/** How far a walk along a list is. */
export interface WalkState {
  /** Of the next page; undefined for the first. */
  cursor?: string;
  /** How many pages were taken. */
  pages: number;
}

interface ListWalk<Name extends ListName> {
  project: ZavuProject;
  name: Name;
  /** What is looked for was created in this time. */
  span: Span;
  begin: WalkState;
  report: Report;
  /** Takes a page. The walk goes on when it has returned. */
  onPage(objects: readonly Listed[Name][], next: WalkState): Promise<void>;
  /** Whether the time is up. */
  isOver(): boolean;
  maxPages?: number;
}

/** A list that changes in place: whatever its objects' age, each may have changed in the span. */
const wholeLists: ReadonlySet<ListName> = new Set(['invitations', 'templates', 'broadcasts']);

/** More than a project with 10 million messages a month has in seven hours. */
const maxPagesOfWalk = 2_000;

/**
 * Walks a list page by page, the newest first, until a whole page is older than the span. An empty page is no end: a page
 * that Zavu filters may be empty though more follow.
 *
 * No specification says that the order is the newest first. So it is looked at: from the first object on that is newer than
 * the one before it, no page counts as the end but the last.
 *
 * @returns whether it came to the end; otherwise the time was up
 */
export async function walkList<Name extends ListName>(walk: ListWalk<Name>): Promise<boolean> {
  const { project, name, span, report, onPage, isOver, maxPages = maxPagesOfWalk } = walk;
  let { cursor, pages } = walk.begin;
  let last = Number.POSITIVE_INFINITY;
  let isOrdered = !report.unordered.includes(name);
  for (;;) {
    if (isOver()) return false;
    if (pages >= maxPages) {
      noteBound(report, 'pages');
      return true;
    }
    const page = await pageOf(project, name, cursor);
    if (page === 'expired') {
      // From the top again: what was taken before is known by now.
      cursor = undefined;
      last = Number.POSITIVE_INFINITY;
      pages++;
      continue;
    }
    const times = page.items.map(createdAt);
    for (const time of times) {
      if (time > last && isOrdered && !wholeLists.has(name)) {
        isOrdered = false;
        report.unordered.push(name);
      }
      if (!Number.isNaN(time)) last = time;
    }
    cursor = page.nextCursor;
    pages++;
    await onPage(page.items, { pages, ...(cursor === undefined ? {} : { cursor }) });
    const isBehind = times.length > 0 && times.every((time) => time <= span.from);
    if (cursor === undefined || (isBehind && isOrdered && !wholeLists.has(name))) return true;
  }
}

async function pageOf<Name extends ListName>(project: ZavuProject, name: Name, cursor: string | undefined) {
  try {
    return await project.list(name, cursor);
  } catch (error) {
    if (error instanceof CursorExpired && cursor !== undefined) return 'expired';
    throw error;
  }
}
