/** The canary's environment. `lib/canary/canary.ts` must set each of these; the function reads them at cold start. */
export const canaryEnv = [
  'WEBHOOK_URL',
  'WORKERS',
  'SIGNING_SECRET_ID',
  'ACCEPTED_SIGNATURES',
  'IDEMPOTENCY_TABLE',
  'IDEMPOTENCY_EXPIRY_SECONDS',
  'HANDLED_WITHIN_SECONDS',
] as const;

export type CanaryVariable = (typeof canaryEnv)[number];
