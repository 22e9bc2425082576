import type { TypesOf, WorkerName } from '../routing/routes.ts';
import type { Logger } from '../shared/log.ts';
import type { EventType } from '../zavu/catalogue.ts';
import type { EventOf } from '../zavu/event.ts';

/** What a handler gets beside its event. */
export interface HandlerContext {
  /** 1 for the first time that a handler is run for this message. A first run in which the function dies is not counted. */
  attempt: number;
  /**
   * The same on every attempt and every copy of an event, and another in every forced replay. Hand it to what you call:
   * if the function dies after your side effect and before it is recorded, this is what keeps the second try from
   * repeating it.
   */
  idempotencyKey: string;
  /**
   * Whether somebody has events handled again that may have been handled before (`npm run replay -- --force`).
   * `idempotencyKey` is then of that run: skip here what must not be done twice.
   */
  replayed: boolean;
  /** Logs allow-listed fields, with the event's id, type, worker and attempt on every line. */
  logger: Logger;
  /** Milliseconds until the function is killed. */
  remainingTime(): number;
  /** Aborts shortly before the function is killed: pass it to fetch and to SDK calls. */
  signal: AbortSignal;
  /** Paths at which the event's data differs from its schema; empty for an event as we know it. */
  drift: readonly string[];
}

/**
 * Handles events of one type. Return when the event is handled; throw to have it tried again later; throw
 * `PermanentFailure` when trying again cannot help.
 */
export type Handler<T extends EventType> = (event: EventOf<T>, context: HandlerContext) => Promise<void>;

/** A handler for every event type that is routed to a worker. One that is missing does not compile. */
export type Handlers<W extends WorkerName> = { readonly [T in TypesOf<W>]: Handler<T> };

/** Thrown by a handler for an event that no retry can mend: it goes to the dead-letter queue at once. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}
