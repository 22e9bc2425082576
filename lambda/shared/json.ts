/** Parses JSON from outside. It gives undefined, which no JSON text gives, if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object, and not a list or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A JSON text in which every character outside ASCII is escaped. Such characters occur only in its strings, in which an
 * escape means the same, so a parser reads exactly the same value.
 */
export function asciiJson(text: string): string {
  // Most texts have none, and a test is faster than a replacement of nothing.
  return /[\u007f-\uffff]/.test(text) ? text.replace(/[\u007f-\uffff]/g, escapeOf) : text;
}

/** A UTF-16 unit as JSON escapes it. */
export function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A text without its byte order mark. It is part of the bytes that were signed, and not of JSON; programs of Windows write
 * it before what they save.
 */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
