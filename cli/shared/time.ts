import { UsageError } from './command.ts';

/** What `parseTime` takes, for a help text. */
export const timeNote =
  'A time is an age (30s, 90m, 2h, 3d), a date (2026-01-31), or a date with a time (2026-01-31T09:30). Dates are in UTC, ' +
  'unless they name a zone (2026-01-31T09:30+02:00).';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a length of time: `30s`, `90m`, `2h`, `3d`, or `0`.
 *
 * @param option the option that it is the value of, with its dashes
 * @returns milliseconds
 * @throws UsageError if it is none
 */
export function parseDuration(option: string, text: string): number {
  const milliseconds = text === '0' ? 0 : readDuration(text);
  if (milliseconds === undefined) {
    throw new UsageError(`${option} must be like 30s, 90m, 2h or 3d, not "${text}".`);
  }
  return milliseconds;
}

/**
 * Reads a point in time: `90m`, `2h` and `3d` mean so long ago; or a date, or a date and a time, as ISO 8601 writes
 * them. A text that names no zone is in UTC, never in the zone of this machine.
 *
 * @param option the option that it is the value of, with its dashes
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch
 * @throws UsageError if it is none of these
 */
export function parseTime(option: string, text: string, now: number): number {
  const age = readDuration(text);
  const at = age === undefined ? parseIso(text) : now - age;
  if (Number.isNaN(at)) {
    throw new UsageError(
      `${option} must be like 90m, 2h, 3d, 2026-01-31 or 2026-01-31T09:30Z, not "${text}".`,
    );
  }
  return at;
}

/**
 * Checks a span of time as `--from` and `--to` give it.
 *
 * @param now milliseconds since the epoch
 * @throws UsageError if it begins in the future, or ends before it begins
 */
export function assertSpan(
  { from, to }: { from?: number | undefined; to?: number | undefined },
  now: number,
): void {
  if (from !== undefined && from > now) throw new UsageError('--from is in the future.');
  if (from !== undefined && to !== undefined && to <= from)
    throw new UsageError('--to must be later than --from.');
}

function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = text.match(/^(\d{1,6})([smhd])$/) ?? [];
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? Number.NaN);
}

function parseIso(text: string): number {
  const [, day, time = '', zone = ''] =
    text.match(/^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/) ?? [];
  if (!day || (zone && !time) || !isDay(day)) return Number.NaN;
  return Date.parse(time ? `${day}${time}${zone || 'Z'}` : day);
}

/** Whether the calendar has that day: `Date.parse` makes 31 February the third of March. */
function isDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
