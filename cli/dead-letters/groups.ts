import type { Facts } from './stored-message.ts';
import type { Stay } from './unrouted-destination.ts';

/** A letter that is grouped: whose it is, and why a redrive would leave it where it is, if it would. */
export type Owned = Facts & { worker: string; stays?: Stay };

/** Letters that failed alike. */
export interface Group {
  /** Whose they are: the worker, or `nobody`. */
  worker: string;
  reason: string;
  /** The error's class; with its message where that was asked for. */
  error: string;
  /** Why a redrive would leave them where they are, if it would. */
  stays?: Stay;
  count: number;
  /** How many of each event type, the most first. */
  types: Record<string, number>;
  codeVersions: string[];
  /** When the first and the last of them failed: ISO 8601. */
  oldest: string;
  newest: string;
  /** Id of the latest, to look at. */
  example: string;
}

/**
 * Groups letters by worker, reason, error, and whether a redrive would take them.
 *
 * @param workers in the order in which their groups are to come; of a worker the largest group first
 */
export function groupLetters(letters: readonly Owned[], workers: readonly string[]): Group[] {
  const byCause = Map.groupBy(letters, ({ worker, reason, error, stays }) =>
    JSON.stringify([worker, reason, error, stays]),
  );
  return [...byCause.values()]
    .flatMap(summarize)
    .sort((a, b) => workers.indexOf(a.worker) - workers.indexOf(b.worker) || b.count - a.count);
}

function summarize(letters: readonly Owned[]): Group[] {
  const byAge = letters.toSorted((a, b) => Date.parse(a.failedAt) - Date.parse(b.failedAt));
  const [oldest, newest] = [byAge.at(0), byAge.at(-1)];
  if (!oldest || !newest) return [];
  const { worker, reason, error, stays } = oldest;
  return [
    {
      worker,
      reason,
      error,
      ...(stays ? { stays } : {}),
      count: letters.length,
      types: countBy(letters.map(({ type }) => type)),
      codeVersions: Object.keys(countBy(letters.map(({ codeVersion }) => codeVersion).filter(Boolean))),
      oldest: oldest.failedAt,
      newest: newest.failedAt,
      example: newest.id,
    },
  ];
}

/** How often each value is there, the most frequent first. */
export function countBy(values: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(values, (value) => value)].map(
    ([value, all]) => [value, all.length] as const,
  );
  return Object.fromEntries(counts.sort(([, a], [, b]) => b - a));
}
