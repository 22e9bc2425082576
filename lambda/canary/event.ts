import type { Envelope } from '../envelope.ts';
import { type WorkerName, workerNames } from '../routes.ts';

/** The type of the canary's events. Zavu has none of its kind, and no handler sees one. */
export const canaryType = 'zavu-webhooks.canary';

/**
 * The worker that a canary's event is for.
 *
 * @returns undefined for any other event
 */
export function workerOfCanary({ type, data }: Envelope): WorkerName | undefined {
  return type === canaryType ? workerNames.find((name) => name === data.worker) : undefined;
}
