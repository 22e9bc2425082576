import { createHash } from 'node:crypto';
import { asciiJson, isRecord, parseJson, withoutMark } from '../shared/json.ts';

/** The part of an event that the pipeline itself reads, in one form whatever Zavu sent. */
export interface Envelope {
  /** Zavu's own id; `sha256:<hex>` of the event's text if there is none that can be used. */
  id: string;
  type: string;
  /** Milliseconds since the epoch; the time of receipt if the event names no time that can be right. */
  timestamp: number;
  projectId?: string;
  senderId?: string;
  data: Record<string, unknown>;
}

/** The type of an event from which no type can be read. */
export const unreadableType = 'unreadable';

/** What was read of an event's text. */
export interface ReadEnvelope {
  event: Envelope;
  /** Paths of the envelope that are not as documented. */
  drift: readonly string[];
  /** Whether the event names a time of its own. */
  hasTime: boolean;
}

/** An event's id as it is taken: short enough for a log line, and of characters that an HTTP header takes. */
const eventId = /^[\x21-\x7e]{1,200}$/;
/** The longest id of a sender or a project. */
const maxIdLength = 256;
/** Zavu did not exist before, so an earlier time is wrong. */
const earliestMs = Date.UTC(2020, 0);
/** A clock is not ahead by more than a day, so a later time is wrong. */
const maxAheadMs = 86_400_000;
/** The units in which a time may be counted, in milliseconds: milliseconds, seconds, microseconds, nanoseconds. */
const units = [1, 1e3, 1e-3, 1e-6];
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads an event whose signature is verified. It is never refused for its shape: a part in another form is brought into
 * the documented one, and reported as drift. Fields that no page names are kept.
 *
 * @param text the event's JSON, as signed or with escaped characters
 * @param receivedAt when the receiver took it, in milliseconds since the epoch
 * @returns undefined if no type can be read: the text is no JSON object, or its `type` is not a text
 */
export function readEnvelope(text: string, receivedAt: number): ReadEnvelope | undefined {
  const written = withoutMark(text);
  const json = parseJson(written);
  if (!isRecord(json) || typeof json.type !== 'string' || json.type === '') return undefined;

  const time = timeOf(json.timestamp, receivedAt);
  const read = {
    id: idOf(json.id) ?? idOfText(written),
    type: json.type,
    timestamp: time ?? receivedAt,
    data: isRecord(json.data) ? json.data : {},
  };
  const drift: string[] = [];
  for (const name of ['id', 'timestamp', 'data'] as const) if (json[name] !== read[name]) drift.push(name);
  for (const name of ['projectId', 'senderId']) {
    if (isId(json[name])) continue;
    // Some generations of events have null if there is no such id.
    if (json[name] !== undefined && json[name] !== null) drift.push(name);
    delete json[name];
  }
  return { event: Object.assign(json, read), drift, hasTime: time !== undefined };
}

/** The id of an event that has none. Zavu's retries have the same text, and so the same id. */
export function idOfText(text: string): string {
  return `sha256:${createHash('sha256').update(asciiJson(text)).digest('hex')}`;
}

/** The id of bytes that are no event, for people. */
export function idOfBytes(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** An id as text. A number above 2^53 may stand for several ids, so it is not taken. */
function idOf(id: unknown): string | undefined {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === 'string' && eventId.test(text) ? text : undefined;
}

/** Whether a value is the id of a sender or a project as it is taken. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength && id.isWellFormed();
}

/**
 * A time in milliseconds, from a number in any unit, as a number or text, or from an ISO 8601 text, which is UTC
 * without a zone.
 *
 * @returns undefined if it is none that can be right
 */
export function timeOf(value: unknown, receivedAt: number): number | undefined {
  if (typeof value === 'string' && isoTime.test(value)) {
    const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
    return isPlausible(time, receivedAt) ? time : undefined;
  }
  const isNumeric = typeof value === 'string' && /^\d{1,20}(\.\d+)?$/.test(value);
  const count = isNumeric ? Number(value) : value;
  if (typeof count !== 'number') return undefined;
  // For one number, at most one unit gives a plausible time.
  return units.map((unit) => Math.round(count * unit)).find((time) => isPlausible(time, receivedAt));
}

function isPlausible(time: number, receivedAt: number): boolean {
  return time >= earliestMs && time <= receivedAt + maxAheadMs;
}
