import { bytesOf, contentFields, contentOf, leftOut, withinRoom } from './content.ts';
import { defined, ownerFields } from './field.ts';
import {
  type ByStatus,
  type MessageEvent,
  type MessageStatus,
  ranks,
  type StatusChange,
  statusChangeOf,
  statusOf,
} from './status-change.ts';

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
  /** For each status, the largest content that came with it, in bytes. They share the room that the item has (content.ts). */
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
  const report = { ...statusChangeOf(event, now), ...(storeMessageContent ? contentFields(content) : {}) };
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
