import type { Handler, HandlerContext } from '../lambda/handlers/handler.ts';
import { createHandlerLogger } from '../lambda/handlers/logger.ts';
import { claimKey } from '../lambda/idempotency/claim-key.ts';
import type { DeadLetterReason } from '../lambda/queued-event/dead-letter.ts';
import { startInvocation } from '../lambda/worker/invocation.ts';
import type { EventType } from '../lambda/zavu/catalogue.ts';
import { guideLadder } from '../lambda/zavu/delivery.ts';
import { readEnvelope } from '../lambda/zavu/envelope.ts';
import { type EventOf, parseEvent } from '../lambda/zavu/event.ts';
import { afterFailure, withinTime } from './run-end.ts';

export interface RunOptions {
  /**
   * Which run of the handler for this message it is.
   *
   * @default 1
   */
  attempt?: number;
  /**
   * How often the worker runs a handler before it dead-letters the event.
   *
   * @default 5, as many as the default of the setting `retryDelaysSeconds` makes
   */
  maxAttempts?: number;
  /**
   * Whether the event comes from a forced replay. It has another idempotency key then.
   *
   * @default false
   */
  replayed?: boolean;
  /**
   * Whether the event was rebuilt of what Zavu's API says. `event` stays as you give it.
   *
   * @default false
   */
  reconciled?: boolean;
  /**
   * Paths at which the event's data differs from its schema.
   *
   * @default what the worker finds in the event
   */
  drift?: readonly string[];
  /**
   * The worker's name, which stands on every line of the log.
   *
   * @default 'test'
   */
  worker?: string;
  /**
   * The function's time-out in milliseconds. As on AWS, `signal` aborts a second before, or after half of less than two
   * seconds.
   *
   * @default 30000, as the setting `workerTimeoutSeconds`
   */
  timeoutMs?: number;
}

/** A line of the log, as CloudWatch gets it: what the allow-list of fields takes, and nothing else. */
export interface LogLine {
  level: string;
  timestamp: string;
  message: string;
  [field: string]: unknown;
}

/** What a worker makes of an event. */
export type RunResult =
  | { outcome: 'handled'; error?: never; reason?: never; logs: readonly LogLine[] }
  | {
      outcome: 'retried';
      /** What the handler threw. */
      error: unknown;
      reason?: never;
      logs: readonly LogLine[];
    }
  | {
      outcome: 'dead_lettered';
      /** What the handler threw. */
      error: unknown;
      /** The message attribute `reason` of the dead letter. */
      reason: DeadLetterReason;
      logs: readonly LogLine[];
    };

/** As the setting `workerTimeoutSeconds`, in milliseconds. */
const defaultTimeoutMs = 30_000;
/** The forced replay that an event belongs to if it is replayed. */
const replayName = 'test-replay';

/**
 * Runs a handler once, as a worker does, without AWS: with the same context, and with an event that was read as the
 * worker reads it from its queue, so that a handler may change it. The event is not claimed: each call runs the
 * handler.
 *
 * A handler that is not finished at the time-out is judged as one whose function was killed then. It goes on running:
 * nothing but its own `signal` ends it here.
 *
 * @example
 * const { outcome } = await run(handler, sample('message.inbound', { text: 'Hola' }), { attempt: 5 });
 *
 * @throws Error if the event is none that the worker could read
 */
export async function run<T extends EventType>(
  handler: Handler<T>,
  event: EventOf<T>,
  options: RunOptions = {},
): Promise<RunResult> {
  const { attempt = 1, maxAttempts = guideLadder.waitsSeconds.length + 1 } = options;
  const { replayed = false, reconciled = false } = options;
  if (!(attempt >= 1 && attempt <= maxAttempts)) {
    throw new Error(`attempt is ${attempt}. A worker runs a handler ${maxAttempts} times at most, from 1.`);
  }
  const received = receive(event);
  const logs: LogLine[] = [];
  const { id, type } = received.event;
  const replay = replayed ? replayName : undefined;
  const log = createHandlerLogger({}, (line) => void logs.push(JSON.parse(line)));
  const logger = log.child({
    worker: options.worker ?? 'test',
    attempt,
    id,
    type,
    ...(replay ? { replay } : {}),
    ...(reconciled ? { reconciled } : {}),
  });

  const endsAt = performance.now() + (options.timeoutMs ?? defaultTimeoutMs);
  const remaining = () => Math.max(0, endsAt - performance.now());
  const invocation = startInvocation({ getRemainingTimeInMillis: remaining });
  const { remainingTime, signal } = invocation.time;
  const { drift = received.drift } = options;
  const idempotencyKey = claimKey(received.event, replay);
  const told = { attempt, idempotencyKey, replayed, reconciled, drift };
  const context: HandlerContext = { ...told, logger, remainingTime, signal };
  try {
    // A handler that is no async function may throw before it gives a promise.
    const handling = (async () => handler(received.event, context))();
    await withinTime(handling, remaining());
    return { outcome: 'handled', logs };
  } catch (error) {
    return { ...afterFailure(error, attempt, maxAttempts), error, logs };
  } finally {
    invocation.end();
  }
}

/** An event and its drift, as the worker reads them from a message. */
function receive<T extends EventType>(event: EventOf<T>): { event: EventOf<T>; drift: readonly string[] } {
  const read = readEnvelope(JSON.stringify(event), Date.now());
  const parsed = read && parseEvent(read.event);
  if (!parsed)
    throw new Error('A worker runs no handler for an event of a type that the catalogue does not know.');
  return { event: parsed.event as EventOf<T>, drift: [...read.drift, ...parsed.drift] };
}
