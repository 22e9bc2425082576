import type { EventAccount } from './account.ts';
import type { LogLine } from './log-line.ts';
import type { MessageItem } from './message-items.ts';
import { nextStep } from './next-step.ts';
import { begin } from './story.ts';

/** What is known of an event, as one JSON document. Times are ISO 8601 in UTC. */
export function eventDocument(account: EventAccount, reveal: boolean, now: number): object {
  const { id, from, to, story, records, archived, items, notAsked } = account;
  const { text, ...where } = archived ?? {};
  return {
    id,
    ...(story.type ? { type: story.type } : {}),
    outcome: story.outcome ?? null,
    searched: searchedTime({ from, to }),
    lines: story.lines.map((line) => lineDocument(line, reveal)),
    records,
    archive: archived ? { ...where, ...(reveal ? { event: text } : {}) } : null,
    messages: items.map(({ messageId, ...item }) => ({ messageId, ...itemDocument(item, reveal) })),
    notAsked,
    next: nextStep(account, now),
  };
}

/** The time of which the logs were searched. */
export function searchedTime({ from, to }: Pick<EventAccount, 'from' | 'to'>): object {
  return {
    from: new Date(from).toISOString(),
    ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
  };
}

/** A line of a log. Fields outside the allow-list are there if they are to be revealed. */
export function lineDocument(line: LogLine, reveal: boolean): object {
  const { part, message, fields, others } = line;
  const hidden = Object.keys(others).length;
  return {
    time: new Date(begin(line)).toISOString(),
    part,
    message,
    ...fields,
    ...(reveal && hidden > 0 ? { others } : {}),
    ...(!reveal && hidden > 0 ? { hidden } : {}),
  };
}

/** A message's item. What an event's data says is there if it is to be revealed. */
export function itemDocument(
  { reports, updatedAt, expiresAt, ...item }: MessageItem,
  reveal: boolean,
): object {
  return {
    ...item,
    steps: Object.entries(reports).map(([status, { at, data, ...report }]) => ({
      status,
      at: new Date(at).toISOString(),
      ...report,
      ...(reveal && data !== undefined ? { data } : {}),
    })),
    updatedAt: new Date(updatedAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt * 1_000).toISOString() }),
  };
}
