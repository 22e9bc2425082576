import type { MessageSummary } from './stored-message.ts';
import type { Stay } from './unrouted-destination.ts';

/** A message as it is listed: with why a redrive would leave it where it is, if it would. */
export type ListedMessage = MessageSummary & { stays?: Stay };

/** Messages that failed alike. */
export interface FailureGroup {
  /** The worker whose events they are; `none` if no worker handles their types. */
  worker: string;
  reason: string;
  /** The error's class; with its message if that was asked for. */
  error: string;
  /** Where it was thrown; empty if that is not known. */
  place: string;
  /** Why a redrive would leave them where they are, if it would. */
  stays?: Stay;
  count: number;
  /** How many there are of each event type, the most frequent first. */
  types: Record<string, number>;
  codeVersions: string[];
  /** When the first and the last of them failed: ISO 8601. */
  oldest: string;
  newest: string;
  /** Id of the latest, to look at. */
  example: string;
}

/**
 * Groups messages by worker, reason, error, place, and whether a redrive would take them.
 *
 * @param workers the order of the workers in the result; of one worker the largest group comes first
 */
export function groupMessages(
  messages: readonly ListedMessage[],
  workers: readonly string[],
): FailureGroup[] {
  const byCause = Map.groupBy(messages, ({ worker, reason, error, place, stays }) =>
    JSON.stringify([worker, reason, error, place, stays]),
  );
  return [...byCause.values()]
    .flatMap(summarize)
    .sort((a, b) => workers.indexOf(a.worker) - workers.indexOf(b.worker) || b.count - a.count);
}

function summarize(messages: readonly ListedMessage[]): FailureGroup[] {
  const byAge = messages.toSorted((a, b) => Date.parse(a.failedAt) - Date.parse(b.failedAt));
  const [oldest, newest] = [byAge.at(0), byAge.at(-1)];
  if (!oldest || !newest) return [];
  const { worker, reason, error, place, stays } = oldest;
  return [
    {
      worker,
      reason,
      error,
      place,
      ...(stays ? { stays } : {}),
      count: messages.length,
      types: countBy(messages.map(({ type }) => type)),
      codeVersions: Object.keys(countBy(messages.map(({ codeVersion }) => codeVersion).filter(Boolean))),
      oldest: oldest.failedAt,
      newest: newest.failedAt,
      example: newest.id,
    },
  ];
}

/** How often each value occurs, the most frequent first. */
export function countBy(values: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(values, (value) => value)].map(
    ([value, all]) => [value, all.length] as const,
  );
  return Object.fromEntries(counts.sort(([, a], [, b]) => b - a));
}
