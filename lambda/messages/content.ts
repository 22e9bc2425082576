import { type ByStatus, ranks, type StatusChange } from './status-change.ts';

/**
 * How many bytes the contents of one item may have together. DynamoDB takes 400 KB per item, and the other fields
 * have less than a tenth of that at most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const contentRoom = 350_000;

/**
 * An event's data as an item keeps it: as JSON, which DynamoDB stores as one text.
 *
 * @returns undefined for data that no item has room for, or that is nested too deeply to be written
 */
export function contentOf(data: object): string | undefined {
  try {
    const json = JSON.stringify(data);
    return bytesOf(json) <= contentRoom ? json : undefined;
  } catch {
    // A RangeError: some thousand levels overflow the stack.
    return undefined;
  }
}

/** How many bytes of the room a content takes. */
export function bytesOf(content: string | undefined): number {
  return content === undefined ? 0 : Buffer.byteLength(content);
}

/** What a status change says of the content that came with it. */
export function contentFields(content: string | undefined): Pick<StatusChange, 'data' | 'contentLeftOut'> {
  return content === undefined ? { contentLeftOut: true } : { data: content };
}

/**
 * Leaves out the contents for which the item has no room. The highest status gets its room first, and each status needs
 * room for the largest content that ever came with it. That only grows, so a content that is left out once is never
 * stored again: which ones stay is a function of the set of events, like the whole item.
 */
export function withinRoom(reports: ByStatus<StatusChange>): ByStatus<StatusChange> {
  let bytes = 0;
  const entries = ranks.toReversed().flatMap((status) => {
    const report = reports[status];
    bytes += report?.contentBytes ?? 0;
    return report ? [[status, bytes > contentRoom ? leftOut(report) : report] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** A status change without its content, and with a word for that. */
export function leftOut(report: StatusChange): StatusChange {
  const { data, ...others } = report;
  return data === undefined ? report : { ...others, contentLeftOut: true };
}
