import type { WorkerName } from '../routing/routes.ts';

/** The variable that holds a worker's queue URL. */
export const queueUrlVariable = <W extends WorkerName>(worker: W) =>
  `${worker.toUpperCase() as Uppercase<W>}_QUEUE_URL` as const;

/**
 * The receiver's environment. `lib/receiver/receiver.ts` must set each of these and, by `queueUrlVariable`, one queue URL
 * per worker in the routing table; the function reads them all at cold start.
 */
export const receiverEnv = [
  'SERVICE_DOMAIN',
  'SIGNING_SECRET_ID',
  'UNROUTED_QUEUE_URL',
  'ACCEPTED_SIGNATURES',
  'TOLERANCE_SECONDS',
  'FUTURE_TOLERANCE_SECONDS',
  'MAX_EVENT_AGE_SECONDS',
  'MAX_EVENT_BYTES',
  'ANSWER_WITHIN_MS',
] as const;

export type ReceiverVariable = (typeof receiverEnv)[number] | `${Uppercase<WorkerName>}_QUEUE_URL`;

/** How long a call to the secret store or to a queue may take, in milliseconds. Two of them fit into the answer's time. */
export const callTryMs = 1_500;
