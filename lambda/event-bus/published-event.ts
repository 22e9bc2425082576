import type { Envelope } from '../zavu/envelope.ts';

/** What is published of an event. */
export interface PublishedEvent {
  type: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  /** The event as JSON; undefined if it is nested too deeply to be written. */
  detail: string | undefined;
}

/**
 * Gives what is published of an event. It must be called before the event's handler, which may change the event.
 *
 * What is published is the event as it was read, and not the text that it was read from. If the text has a key twice,
 * or a number with too many digits, a subscriber's parser could read another value than handlers do. A number that is
 * too large for a double is null; handlers get it as Infinity.
 *
 * @param reconciled whether it was rebuilt of what Zavu's API says; the published event says so then
 */
export function publishedEventOf(event: Envelope, reconciled = false): PublishedEvent {
  const { type, timestamp } = event;
  return { type, timestamp, detail: written(reconciled ? { ...event, reconciled } : event) };
}

/** JSON.parse reads nesting of any depth, but JSON.stringify recurses. */
function written(event: object): string | undefined {
  try {
    return JSON.stringify(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
