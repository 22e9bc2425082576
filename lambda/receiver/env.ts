/** The variable that holds a worker's queue URL. No worker is called `unrouted`, so it has that of the unrouted queue, too. */
export const queueUrlVariable = (worker: string) => `${worker.toUpperCase()}_QUEUE_URL` as const;

/**
 * The receiver's environment. `lib/receiver/receiver.ts` must set each of these and, by `queueUrlVariable`, the queue URL
 * of each worker in ROUTES; the function reads them all at cold start.
 */
export const receiverEnv = [
  'SERVICE_DOMAIN',
  'SIGNING_SECRET_ID',
  'ROUTES',
  'UNROUTED_QUEUE_URL',
  'ACCEPTED_SIGNATURES',
  'TOLERANCE_SECONDS',
  'FUTURE_TOLERANCE_SECONDS',
  'MAX_EVENT_AGE_SECONDS',
  'MAX_EVENT_BYTES',
  'ANSWER_WITHIN_MS',
] as const;

/** Tells the receiver that its stack has a canary. It is set only if the setting `canary` is on. */
export const canaryVariable = 'CANARY';

export type ReceiverVariable = (typeof receiverEnv)[number] | ReturnType<typeof queueUrlVariable>;

/** How long a call to the secret store or to a queue may take, in milliseconds. Two of them fit into the answer's time. */
export const callTryMs = 1_500;
