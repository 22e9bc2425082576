import { itemDocument, lineDocument, searchedTime } from '../event/document.ts';
import type { MessageAccount } from './account.ts';
import { directionOf } from './text.ts';

/** What is known of a message, as one JSON document. Times are ISO 8601 in UTC. */
export function messageDocument(account: MessageAccount, reveal: boolean): object {
  const { id, items, lines, eventIds, notAsked } = account;
  return {
    id,
    searched: searchedTime(account),
    items: items.map((item) => ({ direction: directionOf(item), ...itemDocument(item, reveal) })),
    lines: lines.map((line) => lineDocument(line, reveal)),
    events: eventIds,
    notAsked,
  };
}
