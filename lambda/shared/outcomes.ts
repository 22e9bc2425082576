/** What becomes of a request, as the receiver's log line says in `outcome`. */
export const receiverOutcomes = ['queued', 'unrouted', 'rejected', 'unavailable'] as const;

/** What becomes of an event, as its worker's log line says in `outcome`. */
export const workerOutcomes = ['handled', 'duplicate', 'retried', 'dead_lettered'] as const;

export type LoggedOutcome = (typeof receiverOutcomes | typeof workerOutcomes)[number];

const all: ReadonlySet<unknown> = new Set([...receiverOutcomes, ...workerOutcomes]);

/** Whether a value is one of the words of docs/event-lifecycle.svg. No other word is logged as an outcome. */
export function isOutcome(value: unknown): value is LoggedOutcome {
  return all.has(value);
}
