import { CursorExpired } from './api/api-errors.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import type { Span } from './comparison.ts';
import { noteBound, type Report } from './report.ts';
import { createdAt, updatedAt } from './times.ts';

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
  /** When its first page was taken, in milliseconds. */
  startedAt: number;
  report: Report;
  /** Takes a page. The walk goes on when it has returned. */
  onPage(objects: readonly Listed[Name][], next: WalkState): Promise<void>;
  /** Whether the time is up. */
  isOver(): boolean;
  maxPages?: number;
}

/** A list that changes in place: whatever its objects' age, each may have changed in the span. */
const wholeLists: ReadonlySet<ListName> = new Set(['invitations', 'templates', 'broadcasts']);

/** A list whose objects move to its top when they change, so that a walk on its way down misses them. */
const movingLists: ReadonlySet<ListName> = new Set(['conversations']);

/** More than a project with 10 million messages a month has in seven hours. */
const maxPagesOfWalk = 2_000;

/**
 * Walks a list page by page, the newest first, until a whole page is older than the span. An empty page is no end: a page
 * that Zavu filters may be empty though more follow.
 *
 * No specification says that the newest comes first. So it is looked at: from the first object on that comes out of order,
 * no page counts as the end but the last.
 *
 * @returns whether it came to the end; otherwise the time was up
 */
export async function walkList<Name extends ListName>(walk: ListWalk<Name>): Promise<boolean> {
  const { name, span, begin, startedAt } = walk;
  const pages = await walkBackTo(span.from, begin, walk);
  if (pages === undefined || !movingLists.has(name)) return pages !== undefined;
  // Again, for what has moved meanwhile.
  return (await walkBackTo(startedAt, { pages }, walk)) !== undefined;
}

/**
 * Walks until a whole page is older than a time.
 *
 * @returns how many pages were taken by then; undefined if the time was up
 */
async function walkBackTo<Name extends ListName>(
  end: number,
  begin: WalkState,
  { project, name, report, onPage, isOver, maxPages = maxPagesOfWalk }: ListWalk<Name>,
): Promise<number | undefined> {
  let { cursor, pages } = begin;
  let orders = ordersOf(name);
  for (;;) {
    if (isOver()) return undefined;
    if (pages >= maxPages) {
      noteBound(report, 'pages');
      return pages;
    }
    const page = await pageOf(project, name, cursor);
    pages++;
    if (page === 'expired') {
      // From the top again: what was taken before is known by now.
      cursor = undefined;
      orders = ordersOf(name);
      continue;
    }
    for (const order of orders) order.take(page.items);
    const isOrdered = orders.some(({ holds }) => holds);
    if (!isOrdered && !report.unordered.includes(name)) report.unordered.push(name);
    cursor = page.nextCursor;
    await onPage(page.items, { pages, ...(cursor === undefined ? {} : { cursor }) });
    const isBehind = !wholeLists.has(name) && orders.some((order) => order.isBehind(page.items, end));
    if (cursor === undefined || isBehind) return pages;
  }
}

/**
 * The orders that a list may have. Zavu's SDK says of conversations that the most recently active comes first; older pages
 * say that the newest does. Of lists that are walked to their end none matters.
 */
function ordersOf(name: ListName): Order[] {
  if (wholeLists.has(name)) return [new Order(() => 0)];
  return [new Order(createdAt), ...(name === 'conversations' ? [new Order(updatedAt)] : [])];
}

/** Whether a list comes with the latest first, by a time of its objects. */
class Order {
  holds = true;
  #last = Number.POSITIVE_INFINITY;
  readonly #timeOf: (object: object) => number;

  /** @param timeOf gives NaN for an object that has no such time */
  constructor(timeOf: (object: object) => number) {
    this.#timeOf = timeOf;
  }

  take(objects: readonly object[]): void {
    for (const time of objects.map(this.#timeOf)) {
      if (time > this.#last) this.holds = false;
      if (!Number.isNaN(time)) this.#last = time;
    }
  }

  /** Whether what follows a page is older than a time. */
  isBehind(page: readonly object[], time: number): boolean {
    return this.holds && page.length > 0 && page.every((object) => this.#timeOf(object) <= time);
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
