import type { Event, EventOf } from '../zavu/event.ts';
import { codeOf, defined, idOf, textOf, timeOf } from './field.ts';

/**
 * The event types that change a message's item, and the status that each says was reached. Never `data.status`:
 * `message.sent` carries `sending` or `sent`.
 */
export const statusOf = {
  'message.queued': 'queued',
  'message.sent': 'sent',
  'message.delivered': 'delivered',
  'message.read': 'read',
  'message.failed': 'failed',
  'message.inbound': 'received',
  'message.unsupported': 'unsupported',
} as const;

export type MessageEventType = keyof typeof statusOf;
export type MessageStatus = (typeof statusOf)[MessageEventType];
export type MessageEvent = { [T in MessageEventType]: EventOf<T> }[MessageEventType];

export const messageEventTypes = Object.keys(statusOf) as readonly MessageEventType[];

export function isMessageEvent(event: Event): event is MessageEvent {
  return Object.hasOwn(statusOf, event.type);
}

/**
 * The weakest is first. A message that failed may still turn out to be delivered, but `sent` does not replace `failed`.
 */
export const ranks: readonly MessageStatus[] = [
  'queued',
  'sent',
  'failed',
  'delivered',
  'read',
  'unsupported',
  'received',
];

export type ByStatus<Value> = { readonly [S in MessageStatus]?: Value };

/** What one event says about a message. */
export interface StatusChange {
  /** The event's timestamp, in milliseconds, and not ahead of the time when it was recorded. */
  at: number;
  eventId: string;
  channel?: string;
  errorCode?: string;
  templateId?: string;
  conversationId?: string;
  messageType?: string;
  /** The event's data, with addresses and texts, if content is stored. */
  data?: string;
  /** Set if content is stored, and there was no room for this one. */
  contentLeftOut?: true;
  /** The largest content that came with this status, in bytes. */
  contentBytes?: number;
}

/** What an event says, recorded at a time in milliseconds. */
export function statusChangeOf(event: MessageEvent, now: number): StatusChange {
  const { channel, errorCode, templateId, conversationId, messageType }: Partial<Record<string, unknown>> =
    event.data;
  return {
    at: timeOf(event.timestamp, now),
    eventId: textOf(event.id) ?? '',
    ...defined({
      channel: codeOf(channel),
      errorCode: codeOf(errorCode),
      templateId: idOf(templateId),
      conversationId: idOf(conversationId),
      messageType: codeOf(messageType),
    }),
  };
}
