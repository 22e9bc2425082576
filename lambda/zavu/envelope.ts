import { createHash } from 'node:crypto';
import { asciiJson, isRecord, parseJson, withoutMark } from '../shared/json.ts';

/** An event as far as the pipeline itself reads it, in one form whatever Zavu sent. */
export interface Envelope {
  /** Zavu's own; `sha256:<hex>` of the event's text where there is none that can be used. */
  id: string;
  type: string;
  /** Milliseconds since the epoch; the time of receipt where the event names none that can be right. */
  timestamp: number;
  projectId?: string;
  senderId?: string;
  data: Record<string, unknown>;
}

/** What stands for the type where none can be read. */
export const unreadableType = 'unreadable';

/** What was read of an event's text. */
export interface ReadEnvelope {
  event: Envelope;
  /** Paths of the envelope that are not as documented. */
  drift: readonly string[];
  /** Whether the event names a time of its own. */
  hasTime: boolean;
}

/** An event's id as it is taken: what a log line shows whole, and a header of what a handler calls takes. */
const eventId = /^[\x21-\x7e]{1,200}$/;
/** The longest id of a sender or a project. */
const maxIdLength = 256;
/** Zavu did not exist before: an earlier time is none. */
const earliestMs = Date.UTC(2020, 0);
/** No clock is further ahead than a day: a later time is none. */
const maxAheadMs = 86_400_000;
/** Milliseconds in what a time may be counted in: milliseconds, seconds, microseconds, nanoseconds. */
const units = [1, 1e3, 1e-3, 1e-6];
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads an event whose signature is verified. It is never refused for its shape: what is odd is brought into the
 * documented form, and told as drift. Fields that no page names are kept.
 *
 * @param text the event's JSON, as signed or with escaped characters
 * @param receivedAt when the receiver took it, in milliseconds since the epoch
 * @returns undefined where no type can be read: the text is no JSON object, or its `type` is not a text
 */
export function readEnvelope(text: string, receivedAt: number): ReadEnvelope | undefined {
  const written = withoutMark(text);
  const json = parseJson(written);
  if (!isRecord(json) || typeof json.type !== 'string' || json.type === '') return undefined;

  const time = timeOf(json.timestamp, receivedAt);
  const read = {
    id: idOf(json.id) ?? idOfText(written),
    timestamp: time ?? receivedAt,
    data: isRecord(json.data) ? json.data : {},
  };
  const drift = Object.entries(read).flatMap(([name, value]) => (json[name] === value ? [] : [name]));
  for (const name of ['projectId', 'senderId']) {
    if (isId(json[name])) continue;
    // Null is how some generations of events say that there is none.
    if (json[name] !== undefined && json[name] !== null) drift.push(name);
    delete json[name];
  }
  return { event: Object.assign(json, read, { type: json.type }), drift, hasTime: time !== undefined };
}

/** The id of an event that has none. Zavu's retries have the same text, and so the same id. */
export function idOfText(text: string): string {
  return `sha256:${createHash('sha256').update(asciiJson(text)).digest('hex')}`;
}

/** The id of what is no event, for people. */
export function idOfBytes(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** An id as text. A number above 2^53 may stand for several of them, so it is none. */
function idOf(id: unknown): string | undefined {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === 'string' && eventId.test(text) ? text : undefined;
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength && id.isWellFormed();
}

/** A time in milliseconds: of a number in any unit, as a number or as text, or of an ISO 8601 text, UTC without a zone. */
function timeOf(value: unknown, receivedAt: number): number | undefined {
  if (typeof value === 'string' && isoTime.test(value)) {
    const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
    return isPlausible(time, receivedAt) ? time : undefined;
  }
  const isNumeric = typeof value === 'string' && /^\d{1,20}(\.\d+)?$/.test(value);
  const count = isNumeric ? Number(value) : value;
  if (typeof count !== 'number') return undefined;
  // No two units give a plausible time for one number.
  return units.map((unit) => Math.round(count * unit)).find((time) => isPlausible(time, receivedAt));
}

function isPlausible(time: number, receivedAt: number): boolean {
  return time >= earliestMs && time <= receivedAt + maxAheadMs;
}
