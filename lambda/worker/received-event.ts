import type { SQSRecord } from 'aws-lambda';
import type { HandlerLogger } from '../handlers/logger.ts';
import type { Envelope } from '../zavu/envelope.ts';
import type { InvocationTime } from './invocation.ts';
import type { Run } from './runs.ts';
import type { Worker } from './worker.ts';

/** An event that a worker has received, on its way through the steps. */
export interface ReceivedEvent {
  worker: Worker;
  record: SQSRecord;
  envelope: Envelope;
  /** What its handling is claimed by. */
  key: string;
  /** Whether it comes from a forced replay. */
  replayed: boolean;
  /** Whether it was rebuilt of what Zavu's API says. */
  reconciled: boolean;
  run: Run;
  time: InvocationTime;
  /** Logs the worker, the attempt, and the event's id and type on every line. */
  log: HandlerLogger;
}

/**
 * What is done with a message when its worker is finished with it.
 *
 * - `delete`: its event is handled, a duplicate, or in a dead-letter queue.
 * - `keep`: it stays in its queue and comes back.
 * - `keep_unclaimed`: it stays as well, because the idempotency table is unavailable.
 * - `keep_unrecorded`: it stays as well, because the messages table is unavailable.
 */
export type Disposition = 'delete' | 'keep' | 'keep_unclaimed' | 'keep_unrecorded';
