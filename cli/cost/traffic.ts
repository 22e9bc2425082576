import type { Assumptions } from './assumptions.ts';

/** What a month brings. */
export interface Traffic {
  /** New events. Duplicates and failed attempts are added to them (`rates` of the assumptions). */
  events: number;
  /** Size of an event's JSON, in bytes. */
  payloadBytes: number;
  /** Messages that a worker is given at once, on average. */
  batch: number;
}

/** Requests that API Gateway and the receiver get: one for each new event and one for each duplicate. */
export function requestsOf({ events }: Traffic, { rates }: Assumptions): number {
  return events * (1 + rates.duplicates);
}

/** Messages that all workers receive. After a failed attempt, a message is received once more. */
export function receivedOf({ events }: Traffic, { rates }: Assumptions): number {
  return events * (1 + rates.duplicates + rates.failedAttempts);
}

/** Batches that all workers receive. */
export function batchesOf(traffic: Traffic, assumptions: Assumptions): number {
  return receivedOf(traffic, assumptions) / traffic.batch;
}
