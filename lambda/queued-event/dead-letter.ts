import { lastingAttributes, resentAttribute } from './attributes.ts';

/** Why an event is in a dead-letter queue: the message attribute `reason` that its worker wrote. */
export type DeadLetterReason =
  /** Its handler threw `PermanentFailure`. */
  | 'permanent_failure'
  /** Its handler threw at each attempt. */
  | 'attempts_exhausted'
  /** Its function died in the last attempt. */
  | 'function_died'
  /** Its function was killed at its time-out in the last attempt. */
  | 'timed_out'
  /** Its receives, or its time in the queue, were used up before its attempts were. */
  | 'throttled'
  /** It could not be claimed until then. A duplicate of it may have been handled. */
  | 'claim_unavailable'
  /** Its message or template could not be recorded until then, so that it was not run. */
  | 'messages_unavailable'
  /** The worker has no handler for its type. */
  | 'no_handler'
  /** The message holds no event that can be read. */
  | 'malformed_message'
  /** It is handled, and must still be published. */
  | 'not_published';

/** The reason of a dead letter whose event is handled: if it is redriven, it is only published. */
export const notPublished = 'not_published' satisfies DeadLetterReason;

/**
 * The attributes that a redrive gives a message, because its worker reads them: the reason, if the event is handled
 * already, those that last, and that it was sent again. The others of a dead letter only tell what happened.
 */
export function redrivenAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const { reason } = attributes;
  const lasting = lastingAttributes.flatMap((name) => (attributes[name] ? [[name, attributes[name]]] : []));
  return {
    ...(reason === notPublished ? { reason } : {}),
    ...Object.fromEntries(lasting),
    [resentAttribute]: 'redrive',
  };
}
