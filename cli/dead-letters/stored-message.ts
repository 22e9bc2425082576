import { isUtf8 } from 'node:buffer';
import type { Message } from '@aws-sdk/client-sqs';
import { encodingAttribute, receivedAtAttribute } from '../../lambda/queued-event/attributes.ts';
import { redrivenAttributes } from '../../lambda/queued-event/dead-letter.ts';
import type { OutgoingEvent } from '../../lambda/queued-event/outgoing-event.ts';
import { messageGroup } from '../../lambda/queued-event/queue-message.ts';
import { unpackBytes } from '../../lambda/queued-event/text.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';
import { type Envelope, idOfBytes, readEnvelope, unreadableType } from '../../lambda/zavu/envelope.ts';
import { parseBoundTo } from '../shared/bound-to.ts';

/** What may be shown of a stored message: nothing that a customer wrote, and no address. */
export interface MessageSummary {
  /** The name of the worker whose event it is; `none` if no worker handles its type. */
  worker: string;
  /** The event's id. If the body is no event, it is computed from its bytes; if it cannot be decoded, it is SQS's. */
  id: string;
  /** SQS's id of the message. */
  messageId: string;
  /** The event's type; `unreadable` if the body is no event. */
  type: string;
  /** Why it was dead-lettered or unrouted. */
  reason: string;
  /** The class of the error; `none` if there was no error. */
  error: string;
  /** Where it was thrown, in the code of `codeVersion`; empty if that is not known. */
  place: string;
  attempts: string;
  codeVersion: string;
  /** When it failed, or, if that is not known, when it came into its queue: ISO 8601. */
  failedAt: string;
  /** When SQS took it, which its retention counts from: ISO 8601. */
  sentAt: string;
}

/** A message that is kept in a queue for a person to decide on: a dead letter or an unrouted event. */
export interface StoredMessage extends MessageSummary {
  receiptHandle: string;
  /** The body as its queue holds it: see `signed`. */
  body: string;
  /** What was signed; undefined if this code does not know the body's encoding. */
  signed: SignedContent | undefined;
  /** The event, as this code reads it; undefined if it cannot. */
  event: Envelope | undefined;
  /** Its message attributes. They may quote what a customer wrote (lambda/queued-event/dead-letter.ts). */
  attributes: Readonly<Record<string, string>>;
  /** What the secrets that signed it are bound to; undefined if that does not matter. */
  boundTo: readonly Binding[] | undefined;
  /** What a redrive sends to a worker. The group is computed again, because a dead letter has none. */
  redriven: OutgoingEvent;
}

/** What was signed: a text, or, if its bytes are no text, these in base64. */
type SignedContent = { text: string } | { base64: string };

/** How messages are read that are kept in the same queue. */
interface MessageReading {
  /** The name of the worker that an event of a type belongs to. */
  workerFor(type: string): string;
  /** The reason of a message that carries none. */
  reasonIfMissing: string;
}

/** Reads a message that was received with all of its attributes. */
export function readStoredMessage(
  message: Message,
  { workerFor, reasonIfMissing }: MessageReading,
): StoredMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
  const bytes = unpackBytes(Body, attributes[encodingAttribute]);
  const sentMs = Number(Attributes.SentTimestamp ?? 0);
  const receivedAt = Number(attributes[receivedAtAttribute]) || sentMs;
  const read = bytes && readEnvelope(bytes.toString('utf8'), receivedAt);
  const event = read?.event;
  const sentAt = new Date(sentMs).toISOString();
  const type = event?.type ?? unreadableType;
  const { [receivedAtAttribute]: _, ...lasting } = redrivenAttributes(attributes);
  return {
    worker: workerFor(type),
    id: event?.id ?? (bytes ? idOfBytes(bytes) : MessageId),
    messageId: MessageId,
    type,
    reason: attributes.reason ?? reasonIfMissing,
    error: errorClass(attributes.error),
    place: placeOf(attributes.place),
    attempts: attributes.attempts ?? '',
    codeVersion: attributes.codeVersion ?? '',
    failedAt: isTime(attributes.failedAt) ? attributes.failedAt : sentAt,
    sentAt,
    receiptHandle: ReceiptHandle,
    body: Body,
    signed: bytes && signedOf(bytes),
    event,
    attributes,
    boundTo: parseBoundTo(attributes.boundTo),
    redriven: {
      body: Body,
      group: event ? messageGroup(event) : (Attributes.MessageGroupId ?? 'none'),
      // Without the time of its receipt, an event that has no time of its own would get that of its redrive.
      attributes: read?.hasTime ? lasting : { ...lasting, [receivedAtAttribute]: String(receivedAt) },
    },
  };
}

/** A stored message without what only `--reveal` shows. */
export function messageSummary(message: StoredMessage): MessageSummary {
  const { worker, id, messageId, type, reason, error, place, attempts, codeVersion, failedAt, sentAt } =
    message;
  return { worker, id, messageId, type, reason, error, place, attempts, codeVersion, failedAt, sentAt };
}

/**
 * The class of an error, of an attribute that reads `Class: message`. An attribute of another form may be all message
 * (what was thrown was no Error), so nothing of it is given.
 */
export function errorClass(attribute = 'none'): string {
  if (attribute === 'none') return attribute;
  return attribute.match(/^([A-Za-z_$][\w$]{0,99}): /)?.[1] ?? 'unnamed';
}

/** A place of an attribute. An earlier version wrote none, and what has another form is no place. */
function placeOf(attribute = ''): string {
  return /^[\w.$@%~+=-]{1,200}:\d{1,9}:\d{1,9}$/.test(attribute) ? attribute : '';
}

function signedOf(bytes: Buffer): SignedContent {
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

function isTime(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
}
