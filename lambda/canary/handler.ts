import { randomBytes } from 'node:crypto';
import { canaryType } from '../routing/canary-event.ts';
import type { Logger } from '../shared/log.ts';
import { isLive, type SigningSecret } from '../zavu/signing-secret.ts';

export interface Canary {
  workers: readonly string[];
  /** Whether a person has paused a worker. */
  isPaused(worker: string): Promise<boolean>;
  /** The signing secrets that the receiver verifies with. */
  secrets(): Promise<readonly SigningSecret[]>;
  /** Posts a body to the public URL, signed with a secret. Gives the answer's status. */
  post(body: string, secret: string): Promise<number>;
  /** Whether an event is recorded as handled. */
  isHandled(eventId: string): Promise<boolean>;
  /** How long it may take until an event is handled, in milliseconds. */
  withinMs: number;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  log: Logger;
}

/** How often the idempotency record is looked up. */
const everyMs = 1_000;

/** An event of the canary was not handled. The message names the worker and what happened, and nothing else. */
class CanaryFailed extends Error {
  override readonly name = 'CanaryFailed';
}

/**
 * Creates the canary: it sends every worker a signed event through the public URL, as Zavu would, and waits
 * until the worker has recorded it as handled. It leaves out the workers that are paused. Handlers and their tables never see it.
 *
 * @returns a Lambda handler that throws CanaryFailed if one of the events is not handled in time
 */
export function createCanary(canary: Canary): () => Promise<void> {
  return async () => {
    const secret = (await canary.secrets()).find((each) => isLive(each, canary.now()));
    if (!secret) throw new CanaryFailed('There is no live signing secret to sign with.');
    await Promise.all(
      canary.workers.map(async (worker) => {
        if (await canary.isPaused(worker)) return canary.log.info('canary', { worker, state: 'paused' });
        await fly(canary, worker, secret);
      }),
    );
  };
}

async function fly(canary: Canary, worker: string, secret: SigningSecret): Promise<void> {
  const { now, log } = canary;
  const startedAt = now();
  const event = {
    id: `canary_${startedAt}_${randomBytes(4).toString('hex')}`,
    type: canaryType,
    timestamp: startedAt,
    // A bound secret proves only events that name what it is bound to.
    ...(secret.sender ? { senderId: secret.sender } : {}),
    ...(secret.project ? { projectId: secret.project } : {}),
    data: { worker },
  };
  const status = await canary.post(JSON.stringify(event), secret.secret);
  if (status !== 200) throw new CanaryFailed(`The receiver answered ${status} to the event for ${worker}.`);
  while (!(await canary.isHandled(event.id))) {
    if (now() - startedAt > canary.withinMs)
      throw new CanaryFailed(`The ${worker} worker did not handle its event in time.`);
    await canary.sleep(everyMs);
  }
  log.info('canary', { worker, id: event.id, ms: now() - startedAt });
}
