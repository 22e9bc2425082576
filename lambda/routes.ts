import type { EventType } from './event.ts';

/**
 * Which worker handles which event type: the one routing table. The receiver reads it to choose a queue,
 * `lib/` reads it to deploy a queue and a function per worker, and the compiler reads it to demand a handler
 * for every type. A type that is not here is parked, never dropped.
 */
export const routes = {
  'message.inbound': 'inbound',
  'message.queued': 'delivery',
  'message.sent': 'delivery',
  'message.delivered': 'delivery',
  'message.failed': 'delivery',
  'template.approved': 'templates',
  'template.rejected': 'templates',
} as const satisfies Partial<Record<EventType, string>>;

export type RoutedType = keyof typeof routes;
export type WorkerName = (typeof routes)[RoutedType];

/** The event types that a worker handles. */
export type TypesOf<W extends WorkerName> = {
  [T in RoutedType]: (typeof routes)[T] extends W ? T : never;
}[RoutedType];

/** Every worker, in the table's order. */
export const workerNames: readonly WorkerName[] = [...new Set(Object.values(routes))];

// A Map, because an event type may be called `constructor` or `__proto__`.
const workers = new Map<string, WorkerName>(Object.entries(routes));

/** The worker for an event type, or undefined for a type that nobody handles. */
export function workerFor(type: string): WorkerName | undefined {
  return workers.get(type);
}
