import type { EventType } from '../zavu/catalogue.ts';
import type { EventOf } from '../zavu/event.ts';
import type { HandlerLogger } from './logger.ts';

/** What a handler gets besides its event. */
export interface HandlerContext {
  /**
   * 1 for the first time that a handler is run for this message. A first run in which the function dies is not counted.
   */
  attempt: number;
  /**
   * The same for every attempt and every duplicate of an event, and another one in every forced replay. Pass it to what
   * you call: if the function dies after your side effect and before that is recorded, this key is what keeps the
   * second attempt from repeating it.
   */
  idempotencyKey: string;
  /**
   * Whether the event comes from a forced replay (`npx zavu-webhooks replay --force`), so that it may have been handled
   * before. `idempotencyKey` is another one then: skip here what must not be done twice.
   */
  replayed: boolean;
  /**
   * Whether Zavu gave up on the event's webhook, so that the stack has rebuilt the event of what Zavu's API says (the setting
   * `reconcile`). It is at least 6 hours late then, its `timestamp` is the time that the API names, and what the API does not
   * have is absent from its data: docs/handlers.md says what, by type. The original is never handled beside it.
   */
  reconciled: boolean;
  /**
   * Logs allow-listed fields, with the event's id, type, worker and attempt on every line. `logger.extend` adds fields
   * of your own to the list.
   */
  logger: HandlerLogger;
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

/** Handlers by event type. */
export type Handlers = { readonly [T in EventType]?: Handler<T> };

/**
 * Thrown by a handler for an event that no retry can fix: it goes to the dead-letter queue at once. A kind of it with a
 * name of its own is a group of its own among the dead letters. It says its name, because minified classes have none.
 *
 * @example class UnknownCustomer extends PermanentFailure { override readonly name = 'UnknownCustomer' }
 */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}
