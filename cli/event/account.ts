import { isTypeName } from '../../lambda/shared/log-values.ts';
import type { Deployment } from '../shared/deployment.ts';
import { type ArchivedEvent, findArchived } from './archived-event.ts';
import { type IdempotencyRecord, type OwnerGuess, readRecordsOf } from './idempotency-records.ts';
import { Inquiry, type NotAsked } from './inquiry.ts';
import { defaultSpanMs, loggingParts, readLogs, receiver } from './logs.ts';
import { type MessageItem, readMessageItems } from './message-items.ts';
import { begin, type Story, storyOf } from './story.ts';

/** The item of a message, with the message's id. */
interface NamedItem extends MessageItem {
  messageId: string;
}

/** All that is known of an event. */
export interface EventAccount {
  id: string;
  /** Whether the local run tells it. */
  isLocal: boolean;
  /** The time of which the logs were searched, in milliseconds since the epoch. */
  from: number;
  to: number | undefined;
  story: Story;
  records: IdempotencyRecord[];
  archived: ArchivedEvent | undefined;
  /** The messages that it is about, by their ids. */
  messageIds: string[];
  /** The items of these messages, if the event is among their reports. */
  items: NamedItem[];
  notAsked: NotAsked[];
}

interface Question {
  id: string;
  /** As a person gave them. */
  from: number | undefined;
  to: number | undefined;
  now: number;
}

/** How far the archive's clock may be from the log's. */
const marginMs = 60_000;

/** Asks the logs, the archive and the tables what they know of an event. */
export async function accountOf(
  deployment: Deployment,
  { id, from, to, now }: Question,
): Promise<EventAccount> {
  const inquiry = new Inquiry();
  const span = { from: from ?? now - defaultSpanMs, to };
  const parts = await loggingParts(deployment, inquiry);
  const story = storyOf(await readLogs(deployment, parts, 'id', id, span, inquiry));
  const archived = await inquiry.ask('archive', async () =>
    findArchived(deployment, id, archiveSpan(story, { from, to, now })),
  );
  const messageIds = [
    ...new Set([...story.messageIds, ...(archived?.messageId ? [archived.messageId] : [])]),
  ];
  const items = await itemsOf(deployment, id, messageIds, inquiry);
  const records = await inquiry.ask('idempotency table', () =>
    readRecordsOf(deployment, id, ownersOf(story, archived, items), story.replays),
  );
  return {
    id,
    isLocal: deployment.archiveDirectory !== undefined,
    ...span,
    story,
    records: records ?? [],
    archived,
    messageIds,
    items,
    notAsked: inquiry.notAsked,
  };
}

/** Whether anything at all is known. */
export function isKnown({ story, records, archived, items }: EventAccount): boolean {
  return story.lines.length + records.length + items.length > 0 || archived !== undefined;
}

/** Where the archive may have an event: about when the receiver logged it, or in the time that a person gave. */
function archiveSpan(
  { lines }: Story,
  { from, to, now }: Omit<Question, 'id'>,
): { from: number; to: number; types: string[] } {
  const received = lines.find(({ part }) => part === receiver);
  if (received) {
    const { type } = received.fields;
    // A type that is no word is not logged.
    const types = typeof type === 'string' && !isTypeName(type) ? [type] : [];
    return { from: begin(received) - marginMs, to: received.at + marginMs, types };
  }
  if (from === undefined)
    throw new Error('The logs do not tell when the event came. --from, and maybe --to, search the archive.');
  return { from, to: to ?? now, types: [] };
}

async function itemsOf(
  deployment: Deployment,
  id: string,
  messageIds: readonly string[],
  inquiry: Inquiry,
): Promise<NamedItem[]> {
  // One that is not asked is not asked for the others, either.
  const items = await inquiry.ask('messages table', async () =>
    Promise.all(
      messageIds.map(async (messageId) =>
        (await readMessageItems(deployment, messageId)).map((item) => ({ messageId, ...item })),
      ),
    ),
  );
  return (items ?? [])
    .flat()
    .filter(({ reports }) => Object.values(reports).some(({ eventId }) => eventId === id));
}

/** Whose event it is. A line of the receiver tells the project, and not the sender. */
function ownersOf(
  { projects }: Story,
  archived: ArchivedEvent | undefined,
  items: readonly NamedItem[],
): OwnerGuess {
  const known = [...(archived ? [archived] : []), ...items];
  const pairs = known.length > 0 ? known : projects.map((projectId) => ({ projectId }));
  const owners = (pairs.length > 0 ? pairs : [{}]).map(
    ({ projectId, senderId }: { projectId?: string | undefined; senderId?: string | undefined }) => ({
      ...(projectId === undefined ? {} : { projectId }),
      ...(senderId === undefined ? {} : { senderId }),
    }),
  );
  const unique = new Map(owners.map((owner) => [JSON.stringify(owner), owner]));
  return { owners: [...unique.values()], isCertain: known.length > 0 };
}
