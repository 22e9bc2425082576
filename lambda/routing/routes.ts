import type { EventType } from '../zavu/catalogue.ts';

/**
 * Which worker handles which event type. This is the only routing table. The receiver reads it to choose a queue,
 * `lib/` reads it to deploy a queue and a function per worker, and the compiler reads it to demand a handler
 * for every type. A worker is a name in this table. A type that is not here is unrouted, never dropped.
 */
export const routes = {
  'message.inbound': 'inbound',
  'message.unsupported': 'inbound',
  'message.status': 'inbound',
  'conversation.new': 'inbound',

  'message.queued': 'delivery',
  'message.sent': 'delivery',
  'message.delivered': 'delivery',
  'message.read': 'delivery',
  'message.failed': 'delivery',

  'template.approved': 'templates',
  'template.rejected': 'templates',
  'template.status_changed': 'templates',

  'broadcast.status_changed': 'account',
  'invitation.status_changed': 'account',
  'call.initiated': 'account',
  'call.answered': 'account',
  'call.completed': 'account',
  'call.failed': 'account',
  'domain.verified': 'account',
  'domain.failed': 'account',
} as const satisfies Partial<Record<EventType, string>>;

export type RoutedType = keyof typeof routes;
export type WorkerName = (typeof routes)[RoutedType];

/** The event types that a worker handles. */
export type TypesOf<W extends WorkerName> = {
  [T in RoutedType]: (typeof routes)[T] extends W ? T : never;
}[RoutedType];

/** Every worker, in the table's order. */
export const workerNames: readonly WorkerName[] = [...new Set(Object.values(routes))];

const routedTypes = Object.keys(routes) as RoutedType[];

/** The event types that a worker handles, in the table's order. */
export function typesOf(worker: WorkerName): RoutedType[] {
  return routedTypes.filter((type) => routes[type] === worker);
}

// A Map, because an event type may be called `constructor` or `__proto__`.
const workers = new Map<string, WorkerName>(Object.entries(routes));

/** The worker for an event type; undefined for a type that no worker handles. */
export function workerFor(type: string): WorkerName | undefined {
  return workers.get(type);
}
