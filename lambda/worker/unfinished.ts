import type { SQSRecord } from 'aws-lambda';
import { receivesOf } from '../queued-event/attributes.ts';
import { errorFields } from '../shared/log.ts';
import { deadLetter } from './dead-letter.ts';
import { publishFailedAttempt } from './failed-attempt.ts';
import { failureOf, failureOfLastRun, type HandlerFailure } from './failure.ts';
import type { Disposition, ReceivedEvent } from './received-event.ts';
import { attemptsAreOver, decideRetry, type Unfinished } from './retry-decision.ts';

/** Puts a message back, or dead-letters it if no attempt is left or another one cannot help. */
export async function endUnfinished(
  received: ReceivedEvent,
  unfinished: Unfinished,
  step: 'handling' | 'publication',
): Promise<Disposition> {
  const { run, worker, record, time } = received;
  const { limits } = worker.retry;
  const { outcome } = unfinished;
  const isOver = outcome === 'failed' && attemptsAreOver(run, limits);
  const failure = failureIn(received, unfinished, isOver);
  const decision = decideRetry(
    {
      outcome,
      isPermanent: failure?.isPermanent ?? false,
      isOver,
      runs: run.count ?? 0,
      lost: run.before.lost,
      receives: receivesOf(record),
      ageSeconds: ageOf(record),
      claimSeconds: time.claimSeconds,
    },
    limits,
  );
  const isPublication = step === 'publication';
  // The next receive of a message that stays in its queue must know how this run ended.
  const recordEnd = async () => {
    if (isOver) return;
    if (outcome === 'failed') await endRun(received, failure);
    else await closeRun(received);
  };
  if ('retryInSeconds' in decision) {
    const reason = isPublication ? 'not_published' : outcome;
    await Promise.all([retryLater(received, decision.retryInSeconds, reason, failure), recordEnd()]);
    return outcome === 'unclaimed' || outcome === 'unrecorded' ? `keep_${outcome}` : 'keep';
  }
  const disposition = await deadLetter(received, isPublication ? 'not_published' : decision.reason, failure);
  if (disposition === 'keep') await recordEnd();
  return disposition;
}

function failureIn(
  received: ReceivedEvent,
  unfinished: Unfinished,
  isOver: boolean,
): HandlerFailure | undefined {
  if (isOver) return failureOfLastRun(received.run.before);
  if (!('error' in unfinished)) return undefined;
  publishFailedAttempt(received, unfinished.error);
  return failureOf(unfinished.error);
}

/** How long ago a message was sent, in seconds; 0 if SQS does not say. */
function ageOf({ attributes }: SQSRecord): number {
  const sentAt = Number(attributes.SentTimestamp);
  return sentAt > 0 ? (Date.now() - sentAt) / 1000 : 0;
}

/** Records that a run failed. */
async function endRun({ run, log }: ReceivedEvent, failure: HandlerFailure | undefined): Promise<void> {
  await run
    .end(failure?.fields.error ?? 'none')
    .catch((error) => log.warn('run_not_recorded', errorFields(error)));
}

/** Records that nothing was run, or that the handler has done its part and the publication has not begun. */
async function closeRun({ run, log }: ReceivedEvent): Promise<void> {
  await run.close().catch((error) => log.warn('run_not_recorded', errorFields(error)));
}

async function retryLater(
  { worker, record, log }: ReceivedEvent,
  seconds: number,
  reason: string,
  failure: HandlerFailure | undefined,
): Promise<void> {
  const retried = { outcome: 'retried', reason, ...failure?.fields } as const;
  try {
    await worker.retry.backOff(record, seconds);
    log.warn('event', { ...retried, retryInSeconds: seconds });
  } catch (backOffError) {
    // The message comes back all the same, after the queue's own visibility timeout.
    log.error('back_off_failed', errorFields(backOffError));
    log.warn('event', retried);
  }
}
