import type { SQSRecord } from 'aws-lambda';
import { canaryType } from '../canary/event.ts';
import type { Envelope } from '../envelope.ts';
import { type Event, parseEvent } from '../event.ts';
import { attributeOf } from '../message-attributes.ts';
import type { WorkerName } from '../routes.ts';
import type { Logger } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { type Entry, entryOf } from './entry.ts';
import { failureOf } from './failure.ts';
import { type HandlerContext, PermanentFailure } from './handler.ts';
import type { Claim, Guard } from './idempotency.ts';
import { notPublished } from './labels.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { Publish } from './publish.ts';
import { claimKey } from './replay.ts';
import type { Retry } from './retry.ts';
import { runOnce } from './run-once.ts';
import type { Run, Runs } from './runs.ts';
import { endUnfinished, isOver, setAside, type Unfinished } from './unfinished.ts';

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
  /** Tells how often a message was run. */
  runs: Runs;
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

/**
 * `done`: the message may be deleted. `keep`: it stays in the queue and comes back. `unclaimed`: so it does, because the
 * idempotency table is out of reach.
 */
export type Fate = 'done' | 'keep' | 'unclaimed';

/** What is left of the function's time. */
type Time = Pick<HandlerContext, 'remainingTime' | 'signal'>;

/** A message with an event, on its way through the worker. */
export interface Delivery {
  worker: Worker;
  record: SQSRecord;
  envelope: Envelope;
  /** What its handling is claimed by. */
  key: string;
  run: Run;
  /** Number of the attempt that it is at. */
  attempt: number;
  /** Whole seconds after which a claim that somebody else holds is completed or has lapsed. */
  claimSeconds: number;
  time: Time;
  log: Logger;
}

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
): Promise<Fate> {
  const before = 'count' in run.before ? run.before.count : 0;
  const attempt = isOver({ run, worker }) ? before : before + 1;
  const log = worker.log.child({
    worker: worker.name,
    attempt,
    ...(envelope ? { id: envelope.id, type: envelope.type } : {}),
    ...(replay ? { replay } : {}),
    ...traceField(record.attributes.AWSTraceHeader),
  });
  if (!envelope) return setAside({ worker, record, run, log }, 'unreadable_message');
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
): Promise<Fate> {
  const { worker, envelope, key, attempt, time, log } = delivery;
  if (envelope.type === canaryType) return handleCanary(delivery);
  const parsed = parseEvent(envelope);
  const handle = parsed && worker.handlerOf(parsed.event);
  if (!handle) return setAside(delivery, 'no_handler');
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
async function endCrashed(delivery: Delivery, error: unknown): Promise<Fate> {
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
async function handleCanary(delivery: Delivery): Promise<Fate> {
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
  // A dead letter that was handled says so itself, in case that the memory could not take it down.
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
    return { outcome: 'failed', error: new PermanentFailure('Handled, but the memory was out of reach.') };
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
