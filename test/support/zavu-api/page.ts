import { createHash } from 'node:crypto';
import { type Answer, given, refused } from './answer.ts';

/** The order of a list. Zavu's pages say that the newest is first, and its specification does not promise it. */
export type Order = 'newest first' | 'oldest first' | 'none';

/** An object, and the time in milliseconds by which its list is ordered. */
export interface Placed<Item> {
  id: string;
  time: number;
  object: Item;
}

interface PageProps<Item> {
  /** Whose cursors these are: cursors of another list, or of an earlier time, are refused. */
  cursorsOf: string;
  objects: readonly Placed<Item>[];
  order: Order;
  query: URLSearchParams;
  /** What a filter leaves. As Zavu does, it looks at a page that is cut already. */
  isWanted: (object: Item) => boolean;
  /** Whether the page is empty although the list goes on. */
  isEmpty: boolean;
}

/** Where a list goes on: after an object, which may be gone by then. */
interface Position {
  of: string;
  rank: number;
  id: string;
}

const defaultLimit = 50;
const maxLimit = 100;

/** Answers with a page of a list. */
export function pageOf<Item>(props: PageProps<Item>): Answer {
  const { cursorsOf, objects, order, query, isWanted, isEmpty } = props;
  const cursor = query.get('cursor');
  const after = cursor === null ? undefined : positionOf(cursor);
  if (cursor !== null && after?.of !== cursorsOf) return refused(400, 'Invalid cursor');
  const limit = Number(query.get('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) return refused(400, 'Invalid limit');

  const ranked = rankedOf(objects, order);
  const rest = after ? ranked.filter((each) => compare(each, after) > 0) : ranked;
  if (isEmpty && rest.length > 0)
    return given({ items: [], nextCursor: cursorOf(after ?? first(cursorsOf)) });
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return given({
    items: page.map(({ object }) => object).filter(isWanted),
    nextCursor: last ? cursorOf({ of: cursorsOf, rank: last.rank, id: last.id }) : null,
  });
}

interface Ranked<Item> {
  id: string;
  rank: number;
  object: Item;
}

/** What was ranked before: a list of thousands is asked for page by page. */
const known = new WeakMap<readonly Placed<unknown>[], Map<Order, readonly Ranked<unknown>[]>>();

function rankedOf<Item>(objects: readonly Placed<Item>[], order: Order): readonly Ranked<Item>[] {
  const byOrder = known.get(objects) ?? new Map<Order, readonly Ranked<unknown>[]>();
  known.set(objects, byOrder);
  const ranked =
    (byOrder.get(order) as readonly Ranked<Item>[] | undefined) ??
    objects.map(({ id, time, object }) => ({ id, rank: rankOf(id, time, order), object })).sort(compare);
  byOrder.set(order, ranked);
  return ranked;
}

/** The lowest is first. */
function rankOf(id: string, time: number, order: Order): number {
  if (order === 'none') return createHash('sha256').update(id).digest().readUInt32BE();
  return order === 'newest first' ? -time : time;
}

function compare(one: { rank: number; id: string }, other: { rank: number; id: string }): number {
  return one.rank - other.rank || (one.id < other.id ? -1 : Number(one.id > other.id));
}

const first = (of: string): Position => ({ of, rank: -Number.MAX_VALUE, id: '' });

const cursorOf = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url');

function positionOf(cursor: string): Position | undefined {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
