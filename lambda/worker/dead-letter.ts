import type { DeadLetterReason } from '../queued-event/dead-letter.ts';
import { errorFields } from '../shared/log.ts';
import type { HandlerFailure } from './failure.ts';
import { latenessOfDeadLetter } from './lateness.ts';
import type { Disposition, ReceivedEvent } from './received-event.ts';

/** A message whose event is over; without an envelope if it holds no event. */
type DeadEvent = Pick<ReceivedEvent, 'worker' | 'record' | 'run' | 'log'> & {
  envelope?: ReceivedEvent['envelope'];
};

/** Copies a message to the dead-letter queue, with what is known of it. */
export async function deadLetter(
  { worker, record, envelope, run, log }: DeadEvent,
  reason: DeadLetterReason,
  failure?: HandlerFailure | undefined,
): Promise<Disposition> {
  try {
    await worker.retry.deadLetter(record, {
      reason,
      error: failure?.summary ?? 'none',
      place: failure?.place ?? 'none',
      attempts: run.count,
    });
  } catch (sendError) {
    // It comes back and is dead-lettered then, or SQS's redrive policy moves it.
    log.error('dead_letter_failed', errorFields(sendError));
    return 'keep';
  }
  log.error('event', {
    outcome: 'dead_lettered',
    reason,
    ...latenessOfDeadLetter(record, envelope, reason),
    ...failure?.fields,
  });
  return 'delete';
}
