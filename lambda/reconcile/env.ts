/** The reconciler's environment. `lib/reconcile/reconcile.ts` must set each of these, and by `queueUrlVariable` the queue URL of each worker in ROUTES. */
export const reconcileEnv = [
  'MESSAGES_TABLE',
  'ROUTES',
  'API_KEY_SECRET_ID',
  'REQUESTS_PER_MINUTE',
  'WEBHOOK_URL',
  'ACCEPTED_SIGNATURES',
] as const;

/** The address of Zavu's API, if it is another. */
export const apiUrlVariable = 'ZAVU_API_URL';

export type ReconcileVariable = (typeof reconcileEnv)[number];
