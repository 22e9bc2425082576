import { type Finished, isFinished } from '../idempotency/step.ts';
import { attributeOf } from '../queued-event/attributes.ts';
import { notPublished } from '../queued-event/dead-letter.ts';
import type { Event } from '../zavu/event.ts';
import { attemptOnce } from './attempt-once.ts';
import { claimSubject, type Superseded } from './claim-subject.ts';
import { lagOf } from './lag.ts';
import { latenessOf } from './lateness.ts';
import type { ReceivedEvent } from './received-event.ts';
import type { Unfinished } from './retry-decision.ts';

/**
 * Runs an event's handler, unless that was done before, or was done for another event of the same. What the event says of a
 * message or a template is recorded before each run, so that it stands whatever the handler does, also to the event
 * (docs/decisions/0011).
 */
export async function handleOnce(
  received: ReceivedEvent,
  event: Event,
  handle: () => Promise<void>,
): Promise<Finished | Unfinished | Superseded> {
  const { worker, record, envelope, key, reconciled, log } = received;
  // The handler may change the event.
  const { timestamp } = envelope;
  const { messageId } = envelope.data;
  // A dead letter that was handled says so itself, in case the idempotency table could not record it.
  if (attributeOf(record, 'reason') === notPublished) return { outcome: 'duplicate' };
  const startedAt = Date.now();
  const prepare = async () => (await claimSubject(received, event)) ?? recordItem(received, event);
  const handled = await attemptOnce(received, worker.steps.handling, key, handle, prepare);
  if (handled.outcome === 'done') {
    if (!handled.recorded) log.warn('completion_not_recorded');
    const now = Date.now();
    log.info('event', {
      outcome: 'handled',
      ms: now - startedAt,
      // By it, a message's events are found whatever their handlers log.
      messageId: typeof messageId === 'string' ? messageId : undefined,
      // A rebuilt event is hours late, and says nothing of how fast this stack is.
      lagMs: reconciled ? undefined : lagOf(timestamp, now),
      ...latenessOf(record, now),
    });
  }
  return handled;
}

async function recordItem(
  { worker, time, log }: ReceivedEvent,
  event: Event,
): Promise<Unfinished | undefined> {
  try {
    await worker.messages?.record(event, { logger: log, signal: time.signal });
    return undefined;
  } catch (error) {
    return { outcome: 'unrecorded', error };
  }
}

/** Records an event of the canary, which asks whether the worker works. No handler sees it. */
export async function recordCanary({ worker, envelope, log }: ReceivedEvent): Promise<Finished | Unfinished> {
  const recorded = await worker.steps.canary.runOnce(envelope.id, async () => undefined);
  if (isFinished(recorded))
    log.info('event', { outcome: recorded.outcome === 'done' ? 'handled' : 'duplicate' });
  return recorded;
}
