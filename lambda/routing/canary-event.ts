import type { Envelope } from '../zavu/envelope.ts';
import { type WorkerName, workerNames } from './routes.ts';

/** The type of the canary's events. Zavu has none of its kind, and no handler sees one. */
export const canaryType = 'zavu-webhooks.canary';

/**
 * What the keys of their claims begin with. Whoever signs an event chooses its id: one of this type must not make another
 * event a duplicate.
 */
export const canaryClaims = 'zavu-canary';

/**
 * The worker that a canary's event is for.
 *
 * @returns undefined for any other event
 */
export function workerOfCanary({ type, data }: Envelope): WorkerName | undefined {
  return type === canaryType ? workerNames.find((name) => name === data.worker) : undefined;
}
