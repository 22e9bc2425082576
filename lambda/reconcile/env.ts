/**
 * The reconciler's environment. `lib/reconcile/reconciler.ts` must set each of these and, by `queueUrlVariable`, the queue URL
 * of each worker in ROUTES.
 */
export const reconcileEnv = [
  'MESSAGES_TABLE',
  'ROUTES',
  'API_KEY_SECRET_ID',
  'REQUESTS_PER_MINUTE',
  'REGISTERED_URL',
  'ACCEPTED_SIGNATURES',
  'ZAVU_API_URL',
] as const;

export type ReconcileVariable = (typeof reconcileEnv)[number];
