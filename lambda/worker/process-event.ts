import { claimKey } from '../idempotency/claim-key.ts';
import { isFinished } from '../idempotency/step.ts';
import type { QueuedEvent } from '../queued-event/queued-event.ts';
import { canaryType } from '../routing/canary-event.ts';
import { traceField } from '../shared/trace.ts';
import { parseEvent } from '../zavu/event.ts';
import { deadLetter } from './dead-letter.ts';
import { failureOf } from './failure.ts';
import { handleOnce, recordCanary } from './handle-once.ts';
import type { InvocationTime } from './invocation.ts';
import { preparePublication } from './publish-once.ts';
import type { Disposition, ReceivedEvent } from './received-event.ts';
import { attemptsAreOver } from './retry-decision.ts';
import type { Run } from './runs.ts';
import { endUnfinished } from './unfinished.ts';
import type { Worker } from './worker.ts';

/**
 * Takes a message through the steps: its event is handled once and, if there is a bus, published once.
 *
 * @param run what is known of the message's runs
 * @param isPostponed whether it is put back, because too little of the function's time is left to run it alone
 */
export async function processEvent(
  worker: Worker,
  { record, envelope, drift, replay, reconciled }: QueuedEvent,
  run: Run,
  time: InvocationTime,
  isPostponed = false,
): Promise<Disposition> {
  const attempt = run.before.count + (attemptsAreOver(run, worker.retry.limits) ? 0 : 1);
  const log = worker.log.child({
    worker: worker.name,
    attempt,
    ...(envelope ? { id: envelope.id, type: envelope.type } : {}),
    ...(replay ? { replay } : {}),
    ...(reconciled ? { reconciled } : {}),
    ...traceField(record.attributes.AWSTraceHeader),
  });
  if (!envelope) return deadLetter({ worker, record, run, log }, 'malformed_message');
  const key = claimKey(envelope, replay);
  const replayed = replay !== undefined;
  const received: ReceivedEvent = { worker, record, envelope, key, replayed, reconciled, run, time, log };
  if (isPostponed) return endUnfinished(received, { outcome: 'postponed' }, 'handling');
  if (run.unread) return endUnfinished(received, { outcome: 'unclaimed', ...run.unread }, 'handling');
  try {
    return await takeSteps(received, { attempt, drift });
  } catch (error) {
    return endCrashed(received, error);
  }
}

async function takeSteps(
  received: ReceivedEvent,
  facts: { attempt: number; drift: readonly string[] },
): Promise<Disposition> {
  const { worker, envelope, key, replayed, reconciled, time, log } = received;
  if (envelope.type === canaryType) {
    const recorded = await recordCanary(received);
    return isFinished(recorded) ? 'delete' : endUnfinished(received, recorded, 'handling');
  }
  const parsed = parseEvent(envelope);
  const handle = parsed && worker.handlerOf(parsed.event);
  if (!handle) return deadLetter(received, 'no_handler');
  const publishOnce = preparePublication(received);
  const drift = [...facts.drift, ...parsed.drift];
  // A line for each, because a metric filter cannot read a list.
  for (const path of drift) log.warn('drift', { path });

  const { remainingTime, signal } = time;
  const { attempt } = facts;
  const told = { attempt, idempotencyKey: key, replayed, reconciled, drift };
  const context = { ...told, logger: log, remainingTime, signal };
  const handled = await handleOnce(received, parsed.event, () => handle(context));
  if (handled.outcome === 'superseded') return endDuplicate(received, { reason: 'same_subject' });
  if (!isFinished(handled)) return endUnfinished(received, handled, 'handling');
  const published = await publishOnce(handled);
  if (!isFinished(published)) return endUnfinished(received, published, 'publication');
  if (handled.outcome === 'duplicate' && published.outcome === 'duplicate') return endDuplicate(received);
  return 'delete';
}

/** Ends an event of which everything was done before. */
function endDuplicate({ log }: ReceivedEvent, fields: { reason?: string } = {}): Disposition {
  log.info('event', { outcome: 'duplicate', ...fields });
  return 'delete';
}

/** An error of the worker itself counts as an attempt: otherwise the event would come back for ever. */
async function endCrashed(received: ReceivedEvent, error: unknown): Promise<Disposition> {
  const { log, run, worker } = received;
  log.error('worker_failed', failureOf(error).fields);
  try {
    if (!attemptsAreOver(run, worker.retry.limits)) await run.begin();
  } catch (unrecorded) {
    return endUnfinished(received, { outcome: 'unclaimed', error: unrecorded }, 'handling');
  }
  return endUnfinished(received, { outcome: 'failed', error }, 'handling');
}
