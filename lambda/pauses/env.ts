/** The keeper's environment. `lib/pauses/pauses.ts` must set each of these; the function reads them at cold start. */
export const pausesEnv = [
  'EVENT_SOURCES',
  'IDEMPOTENCY_TABLE',
  /** Those of the workers, in the order of EVENT_SOURCES. */
  'QUEUE_URLS',
  'QUEUE_RETENTION_SECONDS',
] as const;

export type PausesVariable = (typeof pausesEnv)[number];
