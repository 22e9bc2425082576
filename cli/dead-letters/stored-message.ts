import { isUtf8 } from 'node:buffer';
import type { Message } from '@aws-sdk/client-sqs';
import { encodingAttribute, receivedAtAttribute } from '../../lambda/queued-event/attributes.ts';
import { redrivenAttributes } from '../../lambda/queued-event/dead-letter.ts';
import { unpackBytes } from '../../lambda/queued-event/text.ts';
import { messageGroup } from '../../lambda/receiver/queue-message.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';
import { type Envelope, idOfBytes, readEnvelope, unreadableType } from '../../lambda/zavu/envelope.ts';
import { parseBoundTo } from '../shared/bound-to.ts';

/** What may be shown of a letter: nothing that a customer wrote, and no address. */
export interface Facts {
  /** The event's id: of its bytes where it is no event, and the message's own where the body cannot be read. */
  id: string;
  messageId: string;
  /** The event's type; `unreadable` where the body is no event. */
  type: string;
  /** Why it was dead-lettered or unrouted; `none` where SQS moved it, or an earlier version unrouted it. */
  reason: string;
  /** The class of the error. */
  error: string;
  attempts: string;
  codeVersion: string;
  /** When it failed, or else came into its queue: ISO 8601. */
  failedAt: string;
  /** When SQS took it, which is what its retention counts from: ISO 8601. */
  sentAt: string;
}

/** A message that rests in a queue: an event that failed for good, or one that nobody handles. */
export interface StoredMessage extends Facts {
  receiptHandle: string;
  /** The body as its queue holds it: see `signed`. */
  body: string;
  /** What was signed; undefined where the body's encoding is none that this code knows. */
  signed: Signed | undefined;
  /** The event, as this code reads it; undefined where it reads none. */
  event: Envelope | undefined;
  /** The message attributes that it came with. They may quote what a customer wrote (lambda/worker/retry.ts). */
  labels: Readonly<Record<string, string>>;
  /** The message attributes that it goes to a worker with. */
  lasting: Readonly<Record<string, string>>;
  /** What the secrets that signed it are bound to; undefined where that does not matter. */
  boundTo: readonly Binding[] | undefined;
  /** The group that keeps its queue fair: the receiver's, computed again, because a dead letter has none. */
  group: string;
}

/** What was signed, in characters: a text, or bytes that are none, in base64. */
export type Signed = { text: string } | { base64: string };

/** Reads a message that was received with all of its attributes. */
export function readLetter(message: Message): StoredMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  const labels = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
  const bytes = unpackBytes(Body, labels[encodingAttribute]);
  const text = bytes?.toString('utf8');
  const sentMs = Number(Attributes.SentTimestamp ?? 0);
  const receivedAt = Number(labels[receivedAtAttribute]) || sentMs;
  const read = text === undefined ? undefined : readEnvelope(text, receivedAt);
  const event = read?.event;
  const sentAt = new Date(sentMs).toISOString();
  const { [receivedAtAttribute]: _, ...lasting } = redrivenAttributes(labels);
  return {
    id: event?.id ?? (bytes ? idOfBytes(bytes) : MessageId),
    messageId: MessageId,
    type: event?.type ?? unreadableType,
    reason: labels.reason ?? 'none',
    error: errorClass(labels.error),
    attempts: labels.attempts ?? '',
    codeVersion: labels.codeVersion ?? '',
    failedAt: isTime(labels.failedAt) ? labels.failedAt : sentAt,
    sentAt,
    receiptHandle: ReceiptHandle,
    body: Body,
    signed:
      bytes && (isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }),
    event,
    labels,
    // Without it, an event that has no time of its own would be one of the moment at which it is redriven.
    lasting: read?.hasTime ? lasting : { ...lasting, [receivedAtAttribute]: String(receivedAt) },
    boundTo: parseBoundTo(labels.boundTo),
    group: event ? messageGroup(event) : (Attributes.MessageGroupId ?? 'none'),
  };
}

/** A letter without what only `--reveal` shows. */
export function factsOf(letter: StoredMessage): Facts {
  const {
    receiptHandle: _handle,
    body: _body,
    signed: _signed,
    event: _event,
    labels: _labels,
    lasting: _lasting,
    boundTo: _boundTo,
    group: _group,
    ...facts
  } = letter;
  return facts;
}

/**
 * The class of an error, of a label that reads `Class: message`. A label of another form may be all message
 * (whatever was thrown was no Error), so nothing of it is given.
 */
export function errorClass(label = 'none'): string {
  if (label === 'none') return label;
  return label.match(/^([A-Za-z_$][\w$]{0,99}): /)?.[1] ?? 'unnamed';
}

function isTime(label: string | undefined): label is string {
  return label !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(label) && !Number.isNaN(Date.parse(label));
}
