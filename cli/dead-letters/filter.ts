import type { Facts } from './stored-message.ts';
import { UsageError } from './usage-error.ts';

/** Which letters are meant. A list that is empty leaves all; of a list any may fit; all that is given must. */
export interface Filter {
  types: readonly string[];
  reasons: readonly string[];
  errors: readonly string[];
  ids: readonly string[];
  /** Failed at this time or later. */
  since: Date | undefined;
}

export function matches(filter: Filter, facts: Facts): boolean {
  const fits = (wanted: readonly string[], ...values: string[]) =>
    wanted.length === 0 || values.some((value) => wanted.includes(value));
  return (
    fits(filter.types, facts.type) &&
    fits(filter.reasons, facts.reason) &&
    fits(filter.errors, facts.error) &&
    fits(filter.ids, facts.id, facts.messageId) &&
    (filter.since === undefined || Date.parse(facts.failedAt) >= filter.since.getTime())
  );
}

/** Whether a filter leaves out nothing. */
export function isOpen({ types, reasons, errors, ids, since }: Filter): boolean {
  return [types, reasons, errors, ids].every((wanted) => wanted.length === 0) && since === undefined;
}

const unitMs = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * Reads a point in time: `90m`, `2h` and `3d` ago, or a date as ISO 8601 writes it, in UTC where it names no zone.
 *
 * @param now milliseconds since the epoch
 * @throws UsageError where it is neither, or lies ahead
 */
export function parseSince(text: string, now: number): Date {
  const [, count, unit = ''] = text.match(/^(\d{1,6})([mhd])$/) ?? [];
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const hasZone = !text.includes('T') || /(Z|[+-]\d\d:\d\d)$/.test(text);
  const date = Date.parse(hasZone ? text : `${text}Z`);
  const at = count ? now - Number(count) * (unitMs.get(unit) ?? Number.NaN) : isDate ? date : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(`--since must be like 90m, 2h, 3d, 2026-01-31 or 2026-01-31T09:30Z, not "${text}".`);
  }
  if (at > now) throw new UsageError(`--since ${text} lies ahead.`);
  return new Date(at);
}
