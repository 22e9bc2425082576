import type { Context, SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { type Envelope, parseEnvelope } from '../envelope.ts';
import { type Event, parseEvent } from '../event.ts';
import type { WorkerName } from '../routes.ts';
import { parseJson } from '../shared/json.ts';
import { errorFields, type Logger } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { type HandlerContext, PermanentFailure } from './handler.ts';
import type { Claim, Once } from './idempotency.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { Retry, SetAsideReason } from './retry.ts';

export interface Worker {
  name: WorkerName;
  /** Runs the handler of the event's type; undefined where this worker has none. */
  handlerOf(event: Event): ((context: HandlerContext) => Promise<void>) | undefined;
  registerContext(context: Context): void;
  once: Once;
  retry: Retry;
  log: Logger;
  metrics: WorkerMetrics;
}

/** A record and its event's envelope, which is missing where the body is none. */
interface Message {
  record: SQSRecord;
  envelope: Envelope | undefined;
}

/** `done`: the message may be deleted. `keep`: it stays in the queue and comes back. */
type Fate = 'done' | 'keep';

/** How long before the function is killed its handlers' `signal` aborts. */
const abortMarginMs = 1000;

/**
 * Creates a worker's Lambda handler: every record has its own outcome, and none can fail its neighbours.
 *
 * Failures are reported per record rather than thrown, so the function's error metric counts what no handler
 * can answer for: crashes, timeouts, a broken deployment.
 */
export function createBatchHandler(worker: Worker): SQSHandler {
  return async ({ Records }, context): Promise<SQSBatchResponse> => {
    worker.registerContext(context);
    const timeLeft = context.getRemainingTimeInMillis();
    // Whole seconds after which a claim that somebody else holds must have been completed or have lapsed.
    const claimSeconds = Math.ceil(timeLeft / 1000) + 1;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), Math.max(0, timeLeft - abortMarginMs));
    const time = { remainingTime: () => context.getRemainingTimeInMillis(), signal: abort.signal };

    try {
      const kept = await Promise.all(
        copiesByEvent(Records.map(read)).map(async ([first, ...copies]) => {
          const fate = await processMessage(worker, first, claimSeconds, time);
          // Copies in one batch would race for the claim and the loser would wait. Whatever became of the
          // first, the event is handled, set aside or still queued, so the copies may go.
          for (const copy of copies) logCopy(worker, copy);
          return fate === 'keep' ? [first.record.messageId] : [];
        }),
      );
      return { batchItemFailures: kept.flat().map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      clearTimeout(timer);
      worker.metrics.publish();
    }
  };
}

type Time = Pick<HandlerContext, 'remainingTime' | 'signal'>;

async function processMessage(
  worker: Worker,
  { record, envelope }: Message,
  claimSeconds: number,
  time: Time,
): Promise<Fate> {
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  const log = worker.log.child({
    worker: worker.name,
    attempt,
    ...(envelope ? { id: envelope.id, type: envelope.type } : {}),
    ...traceField(record.attributes.AWSTraceHeader),
  });
  const aside = (reason: SetAsideReason, error: unknown) =>
    setAside(worker, record, attempt, reason, error, log);

  if (!envelope) return aside('unreadable_message', undefined);
  const parsed = parseEvent(envelope);
  const handle = parsed && worker.handlerOf(parsed.event);
  if (!handle) return aside('no_handler', undefined);
  // A line for each, because a metric filter cannot read a list.
  for (const path of parsed.drift) log.warn('drift', { path });

  const startedAt = Date.now();
  const claim = await worker.once(envelope.id, () => {
    // A message comes back once more than it is tried when its function died or was killed on the last
    // attempt. It still goes through the claim: if another copy was handled meanwhile, it is a duplicate.
    if (attempt > worker.retry.maxAttempts) throw new AttemptsLost();
    return handle({ attempt, idempotencyKey: envelope.id, logger: log, drift: parsed.drift, ...time });
  });

  switch (claim.outcome) {
    case 'handled':
      if (!claim.recorded) log.warn('completion_not_recorded');
      log.info('event', { outcome: 'handled', ms: Date.now() - startedAt });
      worker.metrics.count('Handled');
      worker.metrics.endToEnd(Date.now() - envelope.timestamp);
      return 'done';
    case 'duplicate':
      log.info('event', { outcome: 'duplicate' });
      worker.metrics.count('Duplicates');
      return 'done';
    case 'in-progress':
      return retryLater(worker, record, claimSeconds, claim, log);
    default:
      if (claim.error instanceof PermanentFailure) return aside('permanent_failure', claim.error);
      if (attempt >= worker.retry.maxAttempts) return aside('attempts_exhausted', claim.error);
      return retryLater(worker, record, worker.retry.delayAfter(attempt), claim, log);
  }
}

/** The function died, or was killed at its timeout, before it could say how its last attempt went. */
class AttemptsLost extends Error {
  override readonly name = 'AttemptsLost';
  override readonly message = 'The function died or timed out on its last attempt.';
}

async function retryLater(
  worker: Worker,
  record: SQSRecord,
  seconds: number,
  claim: Claim,
  log: Logger,
): Promise<Fate> {
  const cause = 'error' in claim ? errorFields(claim.error) : {};
  worker.metrics.count('Retries');
  try {
    await worker.retry.backOff(record, seconds);
    log.warn('event', { outcome: 'retried', reason: claim.outcome, retryInSeconds: seconds, ...cause });
  } catch (error) {
    // The message comes back all the same, after the queue's own visibility timeout.
    log.error('back_off_failed', errorFields(error));
    log.warn('event', { outcome: 'retried', reason: claim.outcome, ...cause });
  }
  return 'keep';
}

async function setAside(
  worker: Worker,
  record: SQSRecord,
  attempt: number,
  reason: SetAsideReason,
  error: unknown,
  log: Logger,
): Promise<Fate> {
  try {
    await worker.retry.setAside(record, attempt, reason, error);
  } catch (sendError) {
    // Kept: it comes back and is set aside then, or SQS's redrive policy moves it.
    log.error('set_aside_failed', errorFields(sendError));
    return 'keep';
  }
  log.error('event', { outcome: 'set-aside', reason, ...(error === undefined ? {} : errorFields(error)) });
  return 'done';
}

function read(record: SQSRecord): Message {
  const envelope = parseEnvelope(parseJson(record.body));
  return { record, envelope: envelope.ok ? envelope.value : undefined };
}

/** Groups a batch by event id. A message without one is a group of its own. */
function copiesByEvent(messages: readonly Message[]): [Message, ...Message[]][] {
  const groups = new Map<string, [Message, ...Message[]]>();
  for (const message of messages) {
    const { record, envelope } = message;
    const key = envelope ? `event ${envelope.id}` : `message ${record.messageId}`;
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return [...groups.values()];
}

function logCopy(worker: Worker, { envelope }: Message): void {
  if (!envelope) return;
  const { id, type } = envelope;
  worker.log.info('event', { outcome: 'duplicate', reason: 'same_batch', worker: worker.name, id, type });
  worker.metrics.count('Duplicates');
}
