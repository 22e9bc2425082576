import type { SQSRecord } from 'aws-lambda';
import { canaryType } from '../canary/event.ts';
import type { Envelope } from '../envelope.ts';
import { type Event, parseEvent } from '../event.ts';
import type { WorkerName } from '../routes.ts';
import { errorFields, type Logger } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { type Entry, entryOf } from './entry.ts';
import { type HandlerContext, PermanentFailure } from './handler.ts';
import type { Claim, Guard } from './idempotency.ts';
import { notPublished } from './labels.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { Publish } from './publish.ts';
import { claimKey } from './replay.ts';
import type { Retry, SetAsideReason } from './retry.ts';

export interface Worker {
  name: WorkerName;
  /** Runs the handler of the event's type; undefined where this worker has none. */
  handlerOf(event: Event): ((context: HandlerContext) => Promise<void>) | undefined;
  /** Lets an event be handled once. */
  handling: Guard;
  /** Lets an event of the canary's be recorded, apart from all others. */
  canary: Guard;
  /** Lets a handled event be published once; undefined where there is no bus. */
  publication: (Guard & { publish: Publish }) | undefined;
  retry: Retry;
  log: Logger;
  metrics: WorkerMetrics;
}

/** A record of a batch and its event's envelope, which is missing where the body is none. */
export interface Message {
  record: SQSRecord;
  envelope: Envelope | undefined;
  /** Paths of the envelope that are not as documented. */
  drift: readonly string[];
  /** The forced replay that it belongs to. */
  replay: string | undefined;
}

/** `done`: the message may be deleted. `keep`: it stays in the queue and comes back. */
export type Fate = 'done' | 'keep';

/** What is left of the function's time. */
type Time = Pick<HandlerContext, 'remainingTime' | 'signal'>;

/** A message with an event, on its way through the worker. */
interface Delivery {
  worker: Worker;
  record: SQSRecord;
  envelope: Envelope;
  /** What its handling is claimed by. */
  key: string;
  /** What is published of it, as it was before its handler could change it; undefined where there is no bus. */
  published: { key: string; entry: Entry } | undefined;
  attempt: number;
  claimSeconds: number;
  time: Time;
  log: Logger;
}

/**
 * Takes a message through the steps: its event is handled once and, where there is a bus, published once.
 *
 * @param claimSeconds whole seconds after which a claim that somebody else holds is completed or has lapsed
 * @returns what is to become of the message; never throws
 */
export async function processMessage(
  worker: Worker,
  { record, envelope, drift: ofEnvelope, replay }: Message,
  claimSeconds: number,
  time: Time,
): Promise<Fate> {
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  const log = worker.log.child({
    worker: worker.name,
    attempt,
    ...(envelope ? { id: envelope.id, type: envelope.type } : {}),
    ...(replay ? { replay } : {}),
    ...traceField(record.attributes.AWSTraceHeader),
  });
  if (!envelope) return setAside({ worker, record, attempt, log }, 'unreadable_message', undefined);
  const key = claimKey(envelope, replay);
  // Once whatever is replayed: the bus has a replay of its own.
  const published = worker.publication && {
    key: claimKey(envelope, undefined),
    entry: entryOf(envelope),
  };
  const delivery: Delivery = { worker, record, envelope, key, published, attempt, claimSeconds, time, log };
  if (envelope.type === canaryType) return handleCanary(delivery);
  const parsed = parseEvent(envelope);
  const handle = parsed && worker.handlerOf(parsed.event);
  if (!handle) return setAside(delivery, 'no_handler', undefined);
  const drift = [...ofEnvelope, ...parsed.drift];
  // A line for each, because a metric filter cannot read a list.
  for (const path of drift) log.warn('drift', { path });

  const context = { attempt, idempotencyKey: key, replayed: replay !== undefined, drift };
  const handling = await handleOnce(delivery, () => handle({ ...context, logger: log, ...time }));
  if (!isFinished(handling)) return tryAgain(delivery, handling, 'handling');
  const publication = await publishOnce(delivery, handling);
  if (!isFinished(publication)) return tryAgain(delivery, publication, 'publication');
  if (handling.outcome === 'duplicate' && publication.outcome === 'duplicate') {
    log.info('event', { outcome: 'duplicate' });
    worker.metrics.count('Duplicates');
  }
  return 'done';
}

/** The canary asks whether a worker works: its event is claimed and recorded, and no handler sees it. */
async function handleCanary(delivery: Delivery): Promise<Fate> {
  const claim = await delivery.worker.canary.once(delivery.envelope.id, async () => undefined);
  if (!isFinished(claim)) return tryAgain(delivery, claim, 'handling');
  delivery.log.info('event', { outcome: claim.outcome === 'done' ? 'handled' : 'duplicate' });
  return 'done';
}

type Finished = Extract<Claim, { outcome: 'done' | 'duplicate' }>;
type Unfinished = Exclude<Claim, Finished>;

function isFinished(claim: Claim): claim is Finished {
  return claim.outcome === 'done' || claim.outcome === 'duplicate';
}

async function handleOnce(delivery: Delivery, handle: () => Promise<void>): Promise<Claim> {
  const { worker, record, envelope, key, log } = delivery;
  // A dead letter that was handled says so itself, in case that the memory could not take it down.
  if (record.messageAttributes.reason?.stringValue === notPublished) {
    return { outcome: 'duplicate' };
  }
  const startedAt = Date.now();
  const claim = await worker.handling.once(key, whileAttemptsLast(delivery, handle));
  if (claim.outcome === 'done') {
    if (!claim.recorded) log.warn('completion_not_recorded');
    log.info('event', { outcome: 'handled', ms: Date.now() - startedAt });
    worker.metrics.count('Handled');
    worker.metrics.endToEnd(Date.now() - envelope.timestamp);
  }
  return claim;
}

/** Publishes an event that is handled. Without a bus there is nothing to do, as if it had been done before. */
async function publishOnce(delivery: Delivery, handling: Finished): Promise<Claim> {
  const { worker, published, time, log } = delivery;
  const { publication } = worker;
  if (!publication || !published) return { outcome: 'duplicate' };
  // The function's time is over, and back in the queue the event would be handled again.
  if (handling.outcome === 'done' && !handling.recorded) {
    return { outcome: 'failed', error: new PermanentFailure('Handled, but the memory was out of reach.') };
  }
  const claim = await publication.once(
    published.key,
    whileAttemptsLast(delivery, () => publication.publish(published.entry, time.signal)),
  );
  if (claim.outcome === 'done') {
    if (!claim.recorded) log.warn('publication_not_recorded');
    log.info('published');
  }
  return claim;
}

/**
 * A message comes back once more than it is tried when its function died or was killed on the last attempt. It
 * still goes through the claims: what was done for another copy meanwhile is a duplicate.
 */
function whileAttemptsLast({ worker, attempt }: Delivery, run: () => Promise<void>): () => Promise<void> {
  return async () => {
    if (attempt > worker.retry.maxAttempts) throw new AttemptsLost();
    await run();
  };
}

/** The function died, or was killed at its timeout, before it could say how its last attempt went. */
class AttemptsLost extends Error {
  override readonly name = 'AttemptsLost';
  override readonly message = 'The function died or timed out on its last attempt.';
}

/** Puts a message back, or sets it aside where trying again is over or cannot help. */
async function tryAgain(
  delivery: Delivery,
  claim: Unfinished,
  step: 'handling' | 'publication',
): Promise<Fate> {
  const { worker, attempt, claimSeconds } = delivery;
  const reason = step === 'publication' ? 'not_published' : claim.outcome;
  if (claim.outcome === 'in-progress') return retryLater(delivery, claimSeconds, reason);

  const { error } = claim;
  const isPermanent = error instanceof PermanentFailure;
  if (!isPermanent && attempt < worker.retry.maxAttempts) {
    return retryLater(delivery, worker.retry.delayAfter(attempt), reason, errorFields(error));
  }
  if (step === 'publication') return setAside(delivery, 'not_published', error);
  return setAside(delivery, isPermanent ? 'permanent_failure' : 'attempts_exhausted', error);
}

async function retryLater(
  { worker, record, log }: Delivery,
  seconds: number,
  reason: string,
  cause: ReturnType<typeof errorFields> = {},
): Promise<Fate> {
  const retried = { outcome: 'retried', reason, ...cause };
  worker.metrics.count('Retries');
  try {
    await worker.retry.backOff(record, seconds);
    log.warn('event', { ...retried, retryInSeconds: seconds });
  } catch (backOffError) {
    // The message comes back all the same, after the queue's own visibility timeout.
    log.error('back_off_failed', errorFields(backOffError));
    log.warn('event', retried);
  }
  return 'keep';
}

async function setAside(
  { worker, record, attempt, log }: Pick<Delivery, 'worker' | 'record' | 'attempt' | 'log'>,
  reason: SetAsideReason,
  error: unknown,
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
