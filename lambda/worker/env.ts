/**
 * A worker's environment. `lib/worker/worker.ts` must set each of these; the function reads them at cold start.
 */
export const workerEnv = [
  'WORKER_NAME',
  'QUEUE_URL',
  'DEAD_LETTER_QUEUE_URL',
  'IDEMPOTENCY_TABLE',
  'IDEMPOTENCY_EXPIRY_SECONDS',
  'RETRY_DELAYS_SECONDS',
  'MAX_RECEIVES',
  'MAX_AGE_SECONDS',
  'MAX_PAUSE_SECONDS',
  'CODE_VERSION',
] as const;

/**
 * If it is set, a worker claims what an event is about, besides the event: the setting `reconcile` is on, so that there may be
 * two events of one thing.
 */
export const claimSubjectsVariable = 'CLAIM_SUBJECTS';

export type WorkerVariable = (typeof workerEnv)[number];
