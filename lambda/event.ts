import type * as z from 'zod/mini';
import { catalogue, type DataOf, type EventType } from './catalogue.ts';
import type { Envelope } from './envelope.ts';

/** One event type's event. `timestamp` is in milliseconds; `id` is the same on every delivery of it. */
export type EventOf<T extends EventType> = Omit<Envelope, 'type' | 'data'> & { type: T; data: DataOf<T> };

/** Any event that the catalogue knows, discriminated by `type`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/**
 * Gives an envelope its event type.
 *
 * Data that does not fit its schema is still that event: refusing it would lose a customer's message because
 * Zavu renamed a field. It comes back with `drift`, the paths that differ, and handlers are told.
 *
 * @returns undefined for a type that the catalogue does not know
 */
export function parseEvent(envelope: Envelope): { event: Event; drift: string[] } | undefined {
  if (!isKnown(envelope.type)) return undefined;
  return { event: envelope as Event, drift: misfits(catalogue[envelope.type], envelope.data) };
}

/** Where a value differs from a schema. Items of a list share one path, so that there are few of them. */
function misfits(schema: z.ZodMiniType, value: unknown): string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const paths = result.error.issues.map(({ path }) =>
    path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.'),
  );
  return [...new Set(paths)].map((path) => path || '(root)');
}

function isKnown(type: string): type is EventType {
  return Object.hasOwn(catalogue, type);
}
