import { isTypeName } from '../../lambda/shared/log-values.ts';
import { Inquiry, type NotAsked } from '../event/inquiry.ts';
import type { LogLine } from '../event/log-line.ts';
import { defaultSpanMs, loggingParts, readLogs, receiver } from '../event/logs.ts';
import { type MessageItem, readMessageItems } from '../event/message-items.ts';
import { storyOf } from '../event/story.ts';
import type { Deployment } from '../shared/deployment.ts';

/** All that is known of a message. */
export interface MessageAccount {
  id: string;
  /** The time of which the logs were searched, in milliseconds since the epoch. */
  from: number;
  to: number | undefined;
  /** One for each project and sender. */
  items: MessageItem[];
  /** What handlers logged of it, oldest first. */
  lines: LogLine[];
  /** The events that made the items, and those whose lines name the message, each once. */
  eventIds: string[];
  notAsked: NotAsked[];
}

/** Asks the messages table and the workers' logs what they know of a message. */
export async function accountOf(
  deployment: Deployment,
  { id, from, to, now }: { id: string; from: number | undefined; to: number | undefined; now: number },
): Promise<MessageAccount> {
  const inquiry = new Inquiry();
  const span = { from: from ?? now - defaultSpanMs, to };
  const items = (await inquiry.ask('messages table', () => readMessageItems(deployment, id))) ?? [];
  // The receiver does not read what an event is about.
  const parts = (await loggingParts(deployment, inquiry)).filter((part) => part !== receiver);
  const { lines } = storyOf(await readLogs(deployment, parts, 'messageId', id, span, inquiry));
  return { id, ...span, items, lines, eventIds: eventIdsOf(items, lines), notAsked: inquiry.notAsked };
}

/** Whether anything at all is known. */
export function isKnown({ items, lines }: MessageAccount): boolean {
  return items.length + lines.length > 0;
}

/** The ids of the events that items and lines name, in the order of their times. */
export function eventIdsOf(items: readonly MessageItem[], lines: readonly LogLine[]): string[] {
  const named = [
    ...items.flatMap(({ reports }) => Object.values(reports).map(({ at, eventId }) => ({ at, id: eventId }))),
    ...lines.map(({ at, fields }) => ({ at, id: fields.id })),
  ];
  const ids = named
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ id }) => (typeof id === 'string' && id !== '' && !isTypeName(id) ? [id] : []));
  return [...new Set(ids)];
}
