import type { Envelope } from '../zavu/envelope.ts';

/**
 * What an item keeps of an event's fields, each with a type and a bound. Data that drifts may have anything in a field:
 * a list, a text of a megabyte, a customer's words. A number counts as its string, because Zavu writes `30003` both
 * ways.
 */

/** Characters of ids. There is no blank among them, no `+` as in a telephone number and no `@` as in an address. */
const idPattern = /^[\w.:=/~-]{1,256}$/;

/** A short word, such as `30003`, `whatsapp` or `EMAIL_INVALID_RECIPIENT`, without the digits of a telephone number. */
const codePattern = /^(?!.*\d{8})[\w.:/-]{1,64}$/;

/** In UTF-16 units: at most three bytes each. */
const maxTextLength = 256;

/** An id, or undefined if the value cannot be one. It is never cut, because a part of an id is another id. */
export function idOf(value: unknown): string | undefined {
  return matching(idPattern, value);
}

/** A code, or undefined if the value cannot be one. Free text is no code, whatever field has it. */
export function codeOf(value: unknown): string | undefined {
  return matching(codePattern, value);
}

/** Text, well-formed and cut at 256 characters; undefined if the value is no text. */
export function textOf(value: unknown): string | undefined {
  // Cut first: the end may be half of a surrogate pair.
  return stringOf(value)?.slice(0, maxTextLength).toWellFormed() || undefined;
}

/** The project and sender that an event names. */
export function ownerFields({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): {
  projectId?: string;
  senderId?: string;
} {
  const nameOf = (id: unknown) => (typeof id === 'string' ? textOf(id) : undefined);
  return defined({ projectId: nameOf(projectId), senderId: nameOf(senderId) });
}

/** The fields that have a value. */
export function defined<Name extends string>(
  fields: Record<Name, string | undefined>,
): Partial<Record<Name, string>> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/**
 * An event's time as an item may have it, in milliseconds. It is never ahead of now, so that it does not come after
 * events that are reported later. A value that is no time counts as now.
 *
 * @param now milliseconds
 */
export function timeOf(timestamp: number, now: number): number {
  const milliseconds = Math.floor(timestamp);
  return Number.isSafeInteger(milliseconds) && milliseconds > 0 ? Math.min(milliseconds, now) : now;
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  const text = stringOf(value);
  return text !== undefined && pattern.test(text) ? text : undefined;
}

function stringOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}
