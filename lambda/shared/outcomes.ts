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

/** Where an event may be: sent by Zavu, at an outcome, with its worker, on the event bus, or gone for good. */
export type Station = LoggedOutcome | 'sent' | 'worker' | 'published' | 'gone';

/**
 * What may come next. docs/event-lifecycle.svg draws these lines and no others, and docs/contract.md says the same of each
 * outcome.
 */
export const nextStations = {
  sent: receiverOutcomes,
  rejected: ['sent'],
  unavailable: ['sent'],
  queued: ['worker'],
  unrouted: ['worker', 'gone'],
  worker: workerOutcomes,
  handled: ['published'],
  duplicate: [],
  retried: ['worker'],
  dead_lettered: ['worker', 'gone'],
  published: [],
  gone: [],
} as const satisfies Record<Station, readonly Station[]>;
