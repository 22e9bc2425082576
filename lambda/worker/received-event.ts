import type { SQSRecord } from 'aws-lambda';
import type { HandlerContext } from '../handlers/handler.ts';
import type { Guard } from '../idempotency/step.ts';
import type { WorkerName } from '../routing/routes.ts';
import type { Logger } from '../shared/log.ts';
import type { Envelope } from '../zavu/envelope.ts';
import type { Event } from '../zavu/event.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { Publish } from './publish.ts';
import type { Retry } from './retry.ts';
import type { Run, Runs } from './runs.ts';

/** What a worker is made of. */
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
export type Disposition = 'done' | 'keep' | 'unclaimed';

/** What is left of the function's time. */
export type Time = Pick<HandlerContext, 'remainingTime' | 'signal'>;

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
