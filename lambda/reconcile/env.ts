/** The address of Zavu's API. A local run may have another one, by .env.local. */
export const apiUrlVariable = 'ZAVU_API_URL';

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
  apiUrlVariable,
] as const;

export type ReconcileVariable = (typeof reconcileEnv)[number];
