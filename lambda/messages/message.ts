import { bytesOf, contentFields, contentOf, contentRoom, leftOut, withinRoom } from './content.ts';
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
import type { Succession } from './update.ts';

/**
 * A message's item: what all its events say together, in whatever order and however often they came. For each status it has
 * an attribute of that name: the first event that reported it.
 */
export interface Message extends ByStatus<StatusChange> {
  /** The highest status that was reached. `channel` and `errorCode` are of its report. */
  status: MessageStatus;
  channel?: string;
  errorCode?: string;
  /** The same in all its events. */
  projectId?: string;
  senderId?: string;
  /** What the contents of all statuses take of the room that they share (content.ts), in bytes. */
  contentBytes?: number;
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
  const known = before?.[status];
  const isEarlier =
    !known || report.at < known.at || (report.at === known.at && report.eventId < known.eventId);
  const updatedAt = Math.max(before?.updatedAt ?? report.at, report.at);
  const bytes = Math.max(bytesOf(content), known?.contentBytes ?? 0);
  const isLarger = bytes > (known?.contentBytes ?? 0);
  if (before && !isEarlier && !isLarger && updatedAt === before.updatedAt) return before;

  const kept = isEarlier ? report : known;
  const reports = withinRoom({
    ...reportsOf(before),
    [status]: bytes > 0 ? { ...kept, contentBytes: bytes } : kept,
  });
  const reached = ranks.findLast((rank) => reports[rank]) ?? status;
  const { channel, errorCode }: Partial<StatusChange> = reports[reached] ?? {};
  const contentBytes = ranks.reduce((sum, rank) => sum + (reports[rank]?.contentBytes ?? 0), 0);
  return {
    status: reached,
    ...defined({ channel, errorCode }),
    ...ownerFields(event),
    ...reports,
    ...(contentBytes > 0 ? { contentBytes } : {}),
    updatedAt,
  };
}

/**
 * The items that an event comes next to, as most events do: a lower status was reached, not later, and there is room for the
 * event's content. To such an item, {@link addToMessage} adds nothing but what the event alone makes of a new one.
 *
 * @param own the item that the event alone makes
 * @returns undefined if there is no lower status
 */
export function messagesBefore(own: Message): Succession | undefined {
  const lower = ranks.slice(0, ranks.indexOf(own.status));
  if (lower.length === 0) return undefined;
  const { contentBytes = 0 } = own;
  return {
    condition: [
      `#status IN (${lower.map((rank) => `:${rank}`).join(', ')})`,
      '#updatedAt <= :updatedAt',
      ...(contentBytes > 0 ? ['(attribute_not_exists(#contentBytes) OR #contentBytes <= :room)'] : []),
    ].join(' AND '),
    values: {
      ...Object.fromEntries(lower.map((rank) => [rank, rank])),
      ...(contentBytes > 0 ? { room: contentRoom - contentBytes } : {}),
    },
    removed: ['channel', 'errorCode'],
    summed: ['contentBytes'],
  };
}

/** The reports that an item has, by status. */
export function reportsOf<Report>(item: ByStatus<Report> = {}): ByStatus<Report> {
  return Object.fromEntries(ranks.flatMap((rank) => (item[rank] ? [[rank, item[rank]]] : [])));
}

/** A message's item without the contents of its events. */
export function withoutContent(message: Message): Message {
  const reports = Object.entries(reportsOf(message)).map(([status, report]) => [status, leftOut(report)]);
  return { ...message, ...Object.fromEntries(reports) };
}
