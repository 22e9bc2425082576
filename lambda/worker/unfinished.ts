import type { SQSRecord } from 'aws-lambda';
import type { Claim } from '../idempotency/once.ts';
import { errorFields } from '../shared/log.ts';
import type { Delivery, Disposition } from './delivery.ts';
import { type Failure, failureOf } from './failure.ts';
import type { DeadLetterReason } from './retry.ts';
import type { Run } from './runs.ts';
import { judge, maxAttempts } from './verdict.ts';

/** `postponed`: nothing was run, because too little of the function's time is left. */
export type Unfinished =
  | Exclude<Claim, { outcome: 'done' } | { outcome: 'duplicate' }>
  | { outcome: 'postponed' };

/** Whether a message's attempts were used up before this receive, so that nothing may be run any more. */
export function isOver({ run: { before }, worker }: Pick<Delivery, 'run' | 'worker'>): boolean {
  return 'count' in before && before.count >= maxAttempts(worker.retry.limits);
}

/** Puts a message back, or sets it aside where trying again is over or cannot help. */
export async function endUnfinished(
  delivery: Delivery,
  unfinished: Unfinished,
  step: 'handling' | 'publication',
): Promise<Disposition> {
  const { run, worker, record, claimSeconds } = delivery;
  const { outcome } = unfinished;
  const over = outcome === 'failed' && isOver(delivery);
  const failure = over ? lastFailure(run) : 'error' in unfinished ? failureOf(unfinished.error) : undefined;
  const verdict = judge(
    {
      outcome,
      isPermanent: failure?.isPermanent ?? false,
      isOver: over,
      runs: run.count ?? 0,
      lost: lostOf(run),
      receives: Number(record.attributes.ApproximateReceiveCount),
      ageSeconds: ageOf(record),
      claimSeconds,
    },
    worker.retry.limits,
  );
  const isPublication = step === 'publication';
  // What stays in its queue must be known to its next receive.
  const end = () => (over ? undefined : endRun(delivery, outcome === 'failed' ? failure : 'well'));
  if ('retryInSeconds' in verdict) {
    const reason = isPublication ? 'not_published' : outcome;
    await Promise.all([retryLater(delivery, verdict.retryInSeconds, reason, failure), end()]);
    return outcome === 'unclaimed' ? 'unclaimed' : 'keep';
  }
  const disposition = await deadLetter(delivery, isPublication ? 'not_published' : verdict.reason, failure);
  if (disposition === 'keep') await end();
  return disposition;
}

/** How long ago a message was sent, in seconds; 0 where SQS does not say. */
function ageOf({ attributes }: SQSRecord): number {
  const sentAt = Number(attributes.SentTimestamp);
  return sentAt > 0 ? (Date.now() - sentAt) / 1000 : 0;
}

function lostOf({ before }: Run) {
  return 'count' in before ? before.lost : undefined;
}

/** How the last attempt ended, as a receive before this one has recorded it. */
function lastFailure({ before }: Run): Failure {
  const { lost, cause = 'none' } = 'count' in before ? before : {};
  const [name = '', text] = lost ? lostTexts[lost] : [cause.split(' ')[0], 'Thrown in the last attempt.'];
  return { isPermanent: false, summary: `${name}: ${text}`, fields: { error: name } };
}

const lostTexts = {
  function_died: ['FunctionDied', 'The function died in the last attempt.'],
  timed_out: ['TimedOut', 'The function was killed at its time-out in the last attempt.'],
} as const;

/** @param ending `well` where nothing was run, or the handler has done its part and the publication is still to be begun */
async function endRun({ run, log }: Delivery, ending: Failure | undefined | 'well'): Promise<void> {
  try {
    if (ending === 'well') await run.close();
    else await run.end(ending?.fields.error ?? 'none');
  } catch (error) {
    log.warn('run_not_recorded', errorFields(error));
  }
}

async function retryLater(
  { worker, record, log }: Delivery,
  seconds: number,
  reason: string,
  failure: Failure | undefined,
): Promise<void> {
  const retried = { outcome: 'retried', reason, ...failure?.fields } as const;
  worker.metrics.count('Retries');
  try {
    await worker.retry.backOff(record, seconds);
    log.warn('event', { ...retried, retryInSeconds: seconds });
  } catch (backOffError) {
    // The message comes back all the same, after the queue's own visibility timeout.
    log.error('back_off_failed', errorFields(backOffError));
    log.warn('event', retried);
  }
}

/** Copies a message to the dead-letter queue, with what is known of it. */
export async function deadLetter(
  { worker, record, run, log }: Pick<Delivery, 'worker' | 'record' | 'run' | 'log'>,
  reason: DeadLetterReason,
  failure?: Failure | undefined,
): Promise<Disposition> {
  const error = failure?.summary ?? 'none';
  try {
    await worker.retry.deadLetter(record, { reason, error, attempts: run.count });
  } catch (sendError) {
    // Kept: it comes back and is dead-lettered then, or SQS's redrive policy moves it.
    log.error('dead_letter_failed', errorFields(sendError));
    return 'keep';
  }
  log.error('event', { outcome: 'dead_lettered', reason, ...failure?.fields });
  return 'done';
}
