import { catalogue, type DataOf, type EventType } from './catalogue.ts';
import { drifted } from './drift.ts';
import type { Envelope } from './envelope.ts';

/** One event type's event. `timestamp` is in milliseconds; `id` is the same on every delivery of it. */
export type EventOf<T extends EventType> = Omit<Envelope, 'type' | 'data'> & { type: T; data: DataOf<T> };

/** Any event that the catalogue knows, discriminated by `type`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/**
 * Gives an envelope its event type.
 *
 * If its data does not fit the schema, it is an event of that type all the same: to refuse it would lose a customer's
 * message because Zavu renamed a field. `drift` has the paths that differ, and handlers get them. A number instead of a
 * text, or a text instead of a number, is adapted in the envelope's own data (`drift.ts`).
 *
 * @returns undefined for a type that the catalogue does not know. Never throws, whatever the data
 */
export function parseEvent(envelope: Envelope): { event: Event; drift: string[] } | undefined {
  if (!isKnown(envelope.type)) return undefined;
  return { event: envelope as Event, drift: drifted(catalogue[envelope.type], envelope.data) };
}

function isKnown(type: string): type is EventType {
  return Object.hasOwn(catalogue, type);
}
