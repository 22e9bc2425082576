import { createHash } from 'node:crypto';
import { parseJson } from '../../lambda/shared/json.ts';

/** What the pipeline must read of an event. */
export interface Reading {
  id: string;
  type: string;
  project: string | undefined;
  sender: string | undefined;
  /** Milliseconds since the epoch; undefined where it names no time that can be right. */
  time: number | undefined;
  data: object;
}

/**
 * Reads an event as docs/decisions/0026 has it, a second time and in another way than `lambda/zavu/envelope.ts`.
 *
 * @param text what was signed
 * @param receivedAt milliseconds since the epoch
 * @returns undefined where no type can be read
 */
export function readAgain(text: string, receivedAt: number): Reading | undefined {
  const written = text.replace(/^\ufeff/, '');
  const json = parseJson(written);
  if (Object.prototype.toString.call(json) !== '[object Object]') return undefined;
  const own = new Map<string, unknown>(Object.entries(Object(json)));
  const type = own.get('type');
  if (typeof type !== 'string' || type.length === 0) return undefined;
  const data = own.get('data');
  return {
    id: printable(own.get('id')) ?? integer(own.get('id')) ?? digestOf(written),
    type,
    project: word(own.get('projectId')),
    sender: word(own.get('senderId')),
    time: timeOf(own.get('timestamp'), receivedAt),
    data: typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {},
  };
}

/** The id of an event that has none: of its text, its characters outside ASCII escaped. */
function digestOf(text: string): string {
  const ascii = Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    return unit < 0x7f ? text[at] : `\\u${(0x10000 + unit).toString(16).slice(1)}`;
  }).join('');
  return `sha256:${createHash('sha256').update(ascii).digest('hex')}`;
}

/** An event's id as it is taken: 1 to 200 characters of ASCII that leave ink. */
function printable(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > 200) return undefined;
  return [...value].every((character) => character > ' ' && character < '\u007f') ? value : undefined;
}

/** A sender's or a project's: 1 to 256 UTF-16 units, no half of a pair alone. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\p{Cs}]+$/u.test(value) && value.length < 257 ? value : undefined;
}

function integer(value: unknown): string | undefined {
  return typeof value === 'number' && value % 1 === 0 && Math.abs(value) < 2 ** 53 ? `${value}` : undefined;
}

function timeOf(value: unknown, receivedAt: number): number | undefined {
  const first = Date.parse('2020-01-01T00:00:00Z');
  const last = receivedAt + 24 * 60 * 60 * 1000;
  const within = (time: number) => (time >= first && time <= last ? time : undefined);
  if (typeof value === 'string' && !/^\d{1,20}(\.\d+)?$/.test(value)) {
    const time = isoTime(value);
    return time === undefined ? undefined : within(time);
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const count = Number(value);
  // The window is narrow, so the size of a number tells its unit.
  if (count < 1e11) return within(Math.round(count * 1000));
  if (count < 1e14) return within(Math.round(count));
  return within(Math.round(count < 1e17 ? count / 1e3 : count / 1e6));
}

/** ISO 8601 with date and time; in UTC where it names no zone. */
function isoTime(text: string): number | undefined {
  const [date = '', rest = ''] = text.toUpperCase().split(/[T ](.*)/s);
  const [, clock = '', zone = ''] = /^([\d:.]+)(Z|[+-]\d\d:?\d\d)?$/.exec(rest) ?? [];
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  const [, hour, minute, second = '00', fraction = ''] =
    /^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?$/.exec(clock) ?? [];
  if (!year || !hour) return undefined;
  const parts = [Number(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  const isMidnight = parts[2] === 24 && parts[3] + parts[4] + Number(fraction || 0) === 0;
  const isDay = parts[0] >= 1 && parts[0] <= 12 && parts[1] >= 1 && parts[1] <= 31;
  if (!isDay || !(parts[2] < 24 || isMidnight) || parts[3] > 59 || parts[4] > 59) return undefined;
  const ahead = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  const zoneMinutes = ahead ? Number(`${ahead[1]}1`) * (Number(ahead[2]) * 60 + Number(ahead[3])) : 0;
  const milliseconds = Number(fraction.slice(1, 4).padEnd(3, '0'));
  const utc = Date.UTC(Number(year), parts[0] - 1, parts[1], parts[2], parts[3], parts[4], milliseconds);
  return utc - zoneMinutes * 60_000;
}
