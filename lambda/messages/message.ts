import type { EventOf } from '../zavu/event.ts';
import { bytesOf, contentOf, contentRoom } from './content.ts';
import { codeOf, defined, idOf, ownerFields, textOf, timeOf } from './field.ts';

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
type MessageStatus = (typeof statusOf)[MessageEventType];
export type MessageEvent = { [T in MessageEventType]: EventOf<T> }[MessageEventType];

export const messageEventTypes = Object.keys(statusOf) as readonly MessageEventType[];

/**
 * The weakest is first. A message that failed may still turn out to be delivered, but `sent` does not replace `failed`.
 */
const ranks: readonly MessageStatus[] = [
  'queued',
  'sent',
  'failed',
  'delivered',
  'read',
  'unsupported',
  'received',
];

type ByStatus<Value> = { readonly [S in MessageStatus]?: Value };

/** What one event says about a message. */
interface StatusChange {
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
}

/** A message's item: what all its events say together, in whatever order and however often they came. */
export interface Message {
  /** The highest status that was reached. `channel` and `errorCode` are of its report. */
  status: MessageStatus;
  channel?: string;
  errorCode?: string;
  /** The same in all its events. */
  projectId?: string;
  senderId?: string;
  /** For each status, the first event that reported it. */
  reports: ByStatus<StatusChange>;
  /** For each status, the largest content that came with it, in bytes. They share {@link contentRoom}. */
  contentBytes?: ByStatus<number>;
  /** Timestamp of the latest event, in milliseconds. */
  updatedAt: number;
}

/** How an event is recorded. */
export interface Recording {
  /** Whether addresses and texts are stored. */
  storeMessageContent: boolean;
  /** Milliseconds. */
  now: number;
}

/**
 * Adds an event to a message's item.
 *
 * The item is a function of the set of its events: each status keeps its earliest report (of two at the same time, the
 * one with the smaller id), and everything else follows from the reports. So any order and any repetition end in the
 * same item, unless an event is dated ahead of the time when it is recorded: that time counts then.
 *
 * @param before undefined if there is none yet
 * @returns the same object if the event changes nothing
 */
export function addToMessage(
  before: Message | undefined,
  event: MessageEvent,
  { storeMessageContent, now }: Recording,
): Message {
  const status = statusOf[event.type];
  const content = storeMessageContent ? contentOf(event.data) : undefined;
  const report = { ...reportOf(event, now), ...(storeMessageContent ? contentFields(content) : {}) };
  const known = before?.reports[status];
  const isEarlier =
    !known || report.at < known.at || (report.at === known.at && report.eventId < known.eventId);
  const updatedAt = Math.max(before?.updatedAt ?? report.at, report.at);
  const isLarger = bytesOf(content) > (before?.contentBytes?.[status] ?? 0);
  if (before && !isEarlier && !isLarger && updatedAt === before.updatedAt) return before;

  const contentBytes = isLarger
    ? { ...before?.contentBytes, [status]: bytesOf(content) }
    : before?.contentBytes;
  const reports = withinRoom({ ...before?.reports, [status]: isEarlier ? report : known }, contentBytes);
  const reached = ranks.findLast((rank) => reports[rank]) ?? status;
  const { channel, errorCode }: Partial<StatusChange> = reports[reached] ?? {};
  return {
    status: reached,
    ...defined({ channel, errorCode }),
    ...ownerFields(event),
    reports,
    ...(contentBytes ? { contentBytes } : {}),
    updatedAt,
  };
}

/** A message's item without the contents of its events. */
export function withoutContent(message: Message): Message {
  const reports = Object.entries(message.reports).map(([status, report]) => [status, leftOut(report)]);
  return { ...message, reports: Object.fromEntries(reports) };
}

function reportOf(event: MessageEvent, now: number): StatusChange {
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

function contentFields(content: string | undefined): Pick<StatusChange, 'data' | 'contentLeftOut'> {
  return content === undefined ? { contentLeftOut: true } : { data: content };
}

/**
 * Leaves out the contents for which the item has no room. The highest status gets its room first, and each status needs
 * room for the largest content that ever came with it. That only grows, so a content that is left out once is never
 * stored again: which ones stay is a function of the set of events, like the whole item.
 */
function withinRoom(
  reports: ByStatus<StatusChange>,
  contentBytes: ByStatus<number> = {},
): ByStatus<StatusChange> {
  let bytes = 0;
  const entries = ranks.toReversed().flatMap((status) => {
    bytes += contentBytes[status] ?? 0;
    const report = reports[status];
    return report ? [[status, bytes > contentRoom ? leftOut(report) : report] as const] : [];
  });
  return Object.fromEntries(entries);
}

function leftOut(report: StatusChange): StatusChange {
  const { data, ...others } = report;
  return data === undefined ? report : { ...others, contentLeftOut: true };
}
