import { CursorExpired } from './api/api-errors.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import type { Span } from './comparison.ts';
import { noteBound, type Report } from './report.ts';
import { changedAt, createdAt } from './times.ts';

/** How far a walk along a list is. */
export interface WalkState {
  /** Of the next page; undefined for the first. */
  cursor?: string;
  /** How many pages were taken. */
  pages: number;
  /** What the pages so far say of the list's order, in the order of `ordersOf`. */
  orders?: readonly OrderState[];
  /** Whether it takes what has moved to the top since it began. */
  isAgain?: boolean;
}

/** What is known of an order. */
export interface OrderState {
  /** Whether all objects so far came in it. */
  holds: boolean;
  /** The earliest time of an object, in milliseconds; none before the first. */
  earliest?: number;
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
export const wholeLists: ReadonlySet<ListName> = new Set(['invitations', 'templates', 'broadcasts']);

/** A list whose objects move to its top when they change, so that a walk on its way down misses them. */
const movingLists: ReadonlySet<ListName> = new Set(['conversations']);

/**
 * What was created at nearly the same time may come in any order: Zavu may order by another clock than the one that it shows.
 * A page of many that ends later than it begins is turned round all the same.
 */
const jitterMs = 5_000;
const fullPage = 10;

/** More than a project with 10 million messages a month has as far back as reconciling looks. */
const maxPagesOfWalk = 25_000;

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
  if (!movingLists.has(name)) return (await walkBackTo(span.from, begin, walk)) !== undefined;
  let again = begin;
  if (!begin.isAgain) {
    const pages = await walkBackTo(span.from, begin, walk);
    if (pages === undefined) return false;
    again = { pages, isAgain: true };
  }
  return (await walkBackTo(startedAt, again, walk)) !== undefined;
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
  const { isAgain = false } = begin;
  let orders = ordersOf(name, begin.orders);
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
    // Behind by each order that the list may have: short pages fit several.
    const isBehind =
      !wholeLists.has(name) &&
      isOrdered &&
      orders.every((order) => !order.holds || order.isBehind(page.items, end));
    const isEnd = cursor === undefined || isBehind;
    // A walk that is cut short after the last page begins with what has moved, and not with the first page.
    const isTurn = isEnd && movingLists.has(name);
    // One of another list that is cut short after its last page begins with the first page, and has seen no order then.
    const next = isTurn || cursor === undefined ? {} : { orders: orders.map(({ state }) => state), cursor };
    await onPage(page.items, { pages, ...next, ...(isAgain || isTurn ? { isAgain: true } : {}) });
    if (isEnd) return pages;
  }
}

/**
 * The orders that a list may have. Zavu's SDK says of conversations that the most recently active comes first; older pages
 * say that the newest does. Of lists that are walked to their end none matters.
 *
 * @param before what a walk that was cut short has seen
 */
function ordersOf(name: ListName, before: readonly OrderState[] = []): Order[] {
  const times = movingLists.has(name) ? [createdAt, changedAt] : [createdAt];
  return (wholeLists.has(name) ? [() => 0] : times).map((timeOf, index) => new Order(timeOf, before[index]));
}

/** Whether a list comes with the latest first, by a time of its objects. */
class Order {
  #state: OrderState;
  readonly #timeOf: (object: object) => number;

  /** @param timeOf gives NaN for an object that has no such time */
  constructor(timeOf: (object: object) => number, before: OrderState = { holds: true }) {
    this.#timeOf = timeOf;
    this.#state = before;
  }

  get holds(): boolean {
    return this.#state.holds;
  }

  get state(): OrderState {
    return this.#state;
  }

  take(objects: readonly object[]): void {
    const times = objects.map(this.#timeOf).filter((time) => !Number.isNaN(time));
    const [first = 0] = times;
    const rises = times.length >= fullPage && (times.at(-1) ?? 0) > first;
    if (rises) this.#state = { ...this.#state, holds: false };
    for (const time of times) {
      const { holds, earliest = Number.POSITIVE_INFINITY } = this.#state;
      this.#state = { holds: holds && time <= earliest + jitterMs, earliest: Math.min(time, earliest) };
    }
  }

  /** Whether what follows a page is older than a time. */
  isBehind(page: readonly object[], time: number): boolean {
    return this.holds && page.length > 0 && page.every((object) => this.#timeOf(object) <= time - jitterMs);
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
