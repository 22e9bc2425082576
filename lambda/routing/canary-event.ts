import type { Envelope } from '../zavu/envelope.ts';
import type { Routes } from './routes.ts';

/** The type of the canary's events. Zavu has no such type, and no handler sees one. */
export const canaryType = 'zavu-webhooks.canary';

/**
 * The prefix of the keys by which they are claimed. The signer of an event chooses its id, and an event of this type
 * must not make another event a duplicate.
 */
export const canaryClaims = 'zavu-canary';

/**
 * The worker that a canary's event is for.
 *
 * @returns undefined for any other event
 */
export function workerOfCanary({ type, data }: Envelope, routes: Routes): string | undefined {
  return type === canaryType ? routes.workers.find((name) => name === data.worker) : undefined;
}
