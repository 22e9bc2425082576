import type { Envelope } from '../zavu/envelope.ts';

/** What is published of an event. */
export interface Entry {
  type: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  /** The event as JSON; undefined where it is nested too deeply to be written. */
  detail: string | undefined;
}

/**
 * Writes down what is published of an event, to be called before its handler, which may change the event.
 *
 * It is the event as it was read, and not the text that it was read from: of a key that the text has twice, or a number
 * of too many digits, a subscriber's parser could read something else than handlers do. A number beyond what a double
 * holds, which handlers get as Infinity, is null.
 */
export function entryOf(event: Envelope): Entry {
  const { type, timestamp } = event;
  return { type, timestamp, detail: written(event) };
}

/** JSON.parse reads nesting of any depth; JSON.stringify recurses. */
function written(event: Envelope): string | undefined {
  try {
    return JSON.stringify(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
