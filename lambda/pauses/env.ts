/** The keeper's environment. `lib/pauses/pauses.ts` must set each of these; the function reads them at cold start. */
export const pausesEnv = ['EVENT_SOURCES', 'IDEMPOTENCY_TABLE'] as const;

export type PausesVariable = (typeof pausesEnv)[number];
