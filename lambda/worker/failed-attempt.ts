import { channel } from 'node:diagnostics_channel';
import type { ReceivedEvent } from './received-event.ts';
import { maxAttempts } from './retry-decision.ts';

/**
 * What was thrown in attempts, its message too. On AWS nobody listens, so that no message can reach a log; the local run
 * does (local/runtime/functions/observer.mjs), and tells whoever writes the handler.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
const failedAttempts = channel('zavu:attempt-failed');

/** The handlers of a worker. On AWS nobody listens to this, either. */
const workerHandlers = channel('zavu:handlers');

/** Tells the local run which function handles which event type: an error of `fetch` has no line of the handler in it. */
export function publishHandlers(handlers: object): void {
  workerHandlers.publish(handlers);
}

/** Tells the local run what was thrown for an event. Costs nothing if nobody listens. */
export function publishFailedAttempt({ envelope, run, worker }: ReceivedEvent, thrown: unknown): void {
  if (!failedAttempts.hasSubscribers) return;
  const { id, type } = envelope;
  const attempts = maxAttempts(worker.retry.limits);
  failedAttempts.publish({ id, type, worker: worker.name, attempt: run.before.count + 1, attempts, thrown });
}
