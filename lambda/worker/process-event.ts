import { PermanentFailure } from '../handlers/handler.ts';
import { claimKey } from '../idempotency/claim-key.ts';
import type { Claim } from '../idempotency/step.ts';
import { attributeOf } from '../queued-event/attributes.ts';
import { notPublished } from '../queued-event/dead-letter.ts';
import { canaryType } from '../routing/canary-event.ts';
import { traceField } from '../shared/trace.ts';
import { parseEvent } from '../zavu/event.ts';
import { runOnce } from './attempt-once.ts';
import { type Entry, entryOf } from './bus-entry.ts';
import { failureOf } from './failure.ts';
import type { Delivery, Disposition, Message, Time, Worker } from './received-event.ts';
import type { Run } from './runs.ts';
import { deadLetter, endUnfinished, isOver, type Unfinished } from './unfinished.ts';

/**
 * Takes a message through the steps: its event is handled once and, where there is a bus, published once.
 *
 * @param run what is known of its runs
 * @param claimSeconds whole seconds after which a claim that somebody else holds is completed or has lapsed
 * @param isPostponed whether it is put back, because too little of the function's time is left to run it alone
 * @returns what is to become of the message
 */
export async function processMessage(
  worker: Worker,
  { record, envelope, drift, replay }: Message,
  run: Run,
  claimSeconds: number,
  time: Time,
  isPostponed = false,
): Promise<Disposition> {
  const before = 'count' in run.before ? run.before.count : 0;
  const attempt = isOver({ run, worker }) ? before : before + 1;
  const log = worker.log.child({
    worker: worker.name,
    attempt,
    ...(envelope ? { id: envelope.id, type: envelope.type } : {}),
    ...(replay ? { replay } : {}),
    ...traceField(record.attributes.AWSTraceHeader),
  });
  if (!envelope) return deadLetter({ worker, record, run, log }, 'malformed_message');
  const key = claimKey(envelope, replay);
  const delivery: Delivery = { worker, record, envelope, key, run, attempt, claimSeconds, time, log };
  if (isPostponed) return endUnfinished(delivery, { outcome: 'postponed' }, 'handling');
  if ('unread' in run.before) {
    return endUnfinished(delivery, { outcome: 'unclaimed', error: run.before.unread }, 'handling');
  }
  try {
    return await deliver(delivery, { drift, replay });
  } catch (error) {
    return endCrashed(delivery, error);
  }
}

async function deliver(
  delivery: Delivery,
  { drift: ofEnvelope, replay }: Pick<Message, 'drift' | 'replay'>,
): Promise<Disposition> {
  const { worker, envelope, key, attempt, time, log } = delivery;
  if (envelope.type === canaryType) return handleCanary(delivery);
  const parsed = parseEvent(envelope);
  const handle = parsed && worker.handlerOf(parsed.event);
  if (!handle) return deadLetter(delivery, 'no_handler');
  // As handlers get it, and before one could change it.
  const published = worker.publication && { key: claimKey(envelope, undefined), entry: entryOf(envelope) };
  const drift = [...ofEnvelope, ...parsed.drift];
  // A line for each, because a metric filter cannot read a list.
  for (const path of drift) log.warn('drift', { path });

  const context = { attempt, idempotencyKey: key, replayed: replay !== undefined, drift };
  const handling = await handleOnce(delivery, () => handle({ ...context, logger: log, ...time }));
  if (!isFinished(handling)) return endUnfinished(delivery, handling, 'handling');
  const publication = await publishOnce(delivery, published, handling);
  if (!isFinished(publication)) return endUnfinished(delivery, publication, 'publication');
  if (handling.outcome === 'duplicate' && publication.outcome === 'duplicate') {
    log.info('event', { outcome: 'duplicate' });
    worker.metrics.count('Duplicates');
  }
  return 'done';
}

/** What the worker itself fails on counts as an attempt: the event would come back for ever. */
async function endCrashed(delivery: Delivery, error: unknown): Promise<Disposition> {
  const { log, run } = delivery;
  log.error('worker_failed', failureOf(error).fields);
  try {
    if (!isOver(delivery)) await run.begin();
  } catch (unrecorded) {
    return endUnfinished(delivery, { outcome: 'unclaimed', error: unrecorded }, 'handling');
  }
  return endUnfinished(delivery, { outcome: 'failed', error }, 'handling');
}

/** The canary asks whether a worker works: its event is claimed and recorded, and no handler sees it. */
async function handleCanary(delivery: Delivery): Promise<Disposition> {
  const claim = await delivery.worker.canary.once(delivery.envelope.id, async () => undefined);
  if (!isFinished(claim)) return endUnfinished(delivery, claim, 'handling');
  delivery.log.info('event', { outcome: claim.outcome === 'done' ? 'handled' : 'duplicate' });
  return 'done';
}

type Finished = Extract<Claim, { outcome: 'done' | 'duplicate' }>;

function isFinished(claim: Finished | Unfinished): claim is Finished {
  return claim.outcome === 'done' || claim.outcome === 'duplicate';
}

async function handleOnce(delivery: Delivery, handle: () => Promise<void>): Promise<Finished | Unfinished> {
  const { worker, record, envelope, key, log } = delivery;
  const { timestamp } = envelope;
  // A dead letter that was handled says so itself, in case the idempotency table could not record it.
  if (attributeOf(record, 'reason') === notPublished) return { outcome: 'duplicate' };
  const startedAt = Date.now();
  const claim = await runOnce(delivery, worker.handling.once, key, handle);
  if (claim.outcome === 'done') {
    if (!claim.recorded) log.warn('completion_not_recorded');
    log.info('event', { outcome: 'handled', ms: Date.now() - startedAt });
    worker.metrics.count('Handled');
    worker.metrics.endToEnd(Date.now() - timestamp);
  }
  return claim;
}

/**
 * Publishes an event that is handled, once whatever is replayed: the bus has a replay of its own. Without a bus
 * there is nothing to do, as if it had been done before.
 */
async function publishOnce(
  delivery: Delivery,
  published: { key: string; entry: Entry } | undefined,
  handling: Finished,
): Promise<Finished | Unfinished> {
  const { worker, time, log } = delivery;
  const { publication } = worker;
  if (!publication || !published) return { outcome: 'duplicate' };
  // The function's time is over, and back in the queue the event would be handled again.
  if (handling.outcome === 'done' && !handling.recorded) {
    return {
      outcome: 'failed',
      error: new PermanentFailure('Handled, but the idempotency table was unavailable.'),
    };
  }
  const claim = await runOnce(delivery, publication.once, published.key, () =>
    publication.publish(published.entry, time.signal),
  );
  if (claim.outcome === 'done') {
    if (!claim.recorded) log.warn('publication_not_recorded');
    log.info('published');
  }
  return claim;
}
