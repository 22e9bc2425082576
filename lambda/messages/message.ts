import type { EventOf } from '../event.ts';

/**
 * The event types that change a message's item, and the status that each says was reached. Never `data.status`:
 * `message.sent` carries `sending` or `sent`.
 */
const statusOf = {
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

/** Weakest first. A message that failed may still turn out to be delivered, and not to have been sent only. */
const ranks: readonly MessageStatus[] = [
  'queued',
  'sent',
  'failed',
  'delivered',
  'read',
  'unsupported',
  'received',
];

/** What one event says of a message. */
interface Report {
  /** The event's timestamp, in milliseconds. */
  at: number;
  eventId: string;
  projectId?: string;
  senderId?: string;
  channel?: string;
  errorCode?: string;
  templateId?: string;
  conversationId?: string;
  messageType?: string;
  /** The event's data, with addresses and texts, where content is stored: as JSON, which DynamoDB takes whole. */
  data?: string;
}

/** A message's item: what all events of it say together, in whatever order and however often they came. */
export interface Message {
  id: string;
  /** The highest status that was reached. What follows is as its report says. */
  status: MessageStatus;
  channel?: string;
  errorCode?: string;
  projectId?: string;
  senderId?: string;
  /** Of each status the first event that reported it. */
  reports: { readonly [S in MessageStatus]?: Report };
  /** Timestamp of the latest event, in milliseconds. */
  updatedAt: number;
}

/**
 * Adds an event to a message's item.
 *
 * The item is a function of the set of its events: each status keeps its earliest report (of two at the same
 * time that with the smaller id), and all else follows. So any order and any repetition end in the same item.
 *
 * @param before undefined where there is none yet
 * @param storeContent whether addresses and texts are kept
 * @returns the same object where the event changes nothing
 */
export function addToMessage(
  before: Message | undefined,
  event: MessageEvent,
  storeContent: boolean,
): Message {
  const status = statusOf[event.type];
  const known = before?.reports[status];
  const isEarlier =
    !known || event.timestamp < known.at || (event.timestamp === known.at && event.id < known.eventId);
  const updatedAt = Math.max(before?.updatedAt ?? event.timestamp, event.timestamp);
  if (before && !isEarlier && updatedAt === before.updatedAt) return before;

  const reports = isEarlier
    ? { ...before?.reports, [status]: reportOf(event, storeContent) }
    : before.reports;
  const reached = ranks.findLast((rank) => reports[rank]) ?? status;
  const { channel, errorCode, projectId, senderId }: Partial<Report> = reports[reached] ?? {};
  return {
    id: idOfMessage(event.data.messageId ?? ''),
    status: reached,
    ...defined({ channel, errorCode, projectId, senderId }),
    reports,
    updatedAt,
  };
}

/** Key of a message's item. Templates lie in the same table. */
export function idOfMessage(messageId: string): string {
  return `message#${messageId}`;
}

function reportOf(event: MessageEvent, storeContent: boolean): Report {
  const { channel, errorCode, templateId, conversationId, messageType }: Partial<Record<string, unknown>> =
    event.data;
  const { projectId, senderId } = event;
  return {
    at: event.timestamp,
    eventId: event.id,
    ...defined({ projectId, senderId, channel, errorCode, templateId, conversationId, messageType }),
    ...(storeContent ? { data: JSON.stringify(event.data) } : {}),
  };
}

/** The fields that hold a text: data that drifted may hold anything in their place. */
function defined<Name extends string>(fields: Record<Name, unknown>): Partial<Record<Name, string>> {
  const entries = Object.entries(fields).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
