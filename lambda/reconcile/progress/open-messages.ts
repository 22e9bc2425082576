import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { countIn, itemsIn, type ProgressTable, progressKey } from './partition.ts';

/** Why a message is asked for again: it may still arrive or fail, or it has arrived and was not read. */
export type Priority = 'unsettled' | 'unread';

/** A message that was not final when it was looked at. */
export interface OpenMessage {
  messageId: string;
  /** When it was created, in milliseconds. It never changes: it is a part of the key. */
  since: number;
}

export interface OpenMessages {
  /** Messages to be asked for again, the oldest first. */
  open(projectId: string, priority: Priority, limit: number): Promise<readonly OpenMessage[]>;
  countOpen(projectId: string, priority: Priority): Promise<number>;
  /**
   * Notes messages to be asked for again. One that is noted with another priority changes it, and one that is noted already
   * stays as it is. Each is forgotten some time after it was created: {@link openDays}.
   */
  addOpen(projectId: string, messages: readonly (OpenMessage & { priority: Priority })[]): Promise<void>;
  /** Forgets messages that are final, whichever priority they have. */
  removeOpen(projectId: string, messages: readonly OpenMessage[]): Promise<void>;
}

/**
 * For how many days after its creation a message is asked for again. Nobody may ever read one, and a message that is not
 * settled after days stays so.
 */
export const openDays: Readonly<Record<Priority, number>> = { unsettled: 3, unread: 1 };

const priorities: readonly Priority[] = ['unsettled', 'unread'];
const dayMs = 86_400_000;
const parallelWrites = 10;
/** Of a sort key, in bytes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxNameLength = 1_024;

export function createOpenMessages(table: ProgressTable): OpenMessages {
  const { client, tableName: TableName, clock } = table;

  /** DynamoDB deletes what has expired days later, and until then it would stand before all others. */
  const rangeOf = (projectId: string, priority: Priority) => ({
    projectId,
    first: `open#${priority}#${timeText(clock() - openDays[priority] * dayMs)}`,
    last: `open#${priority}#~`,
  });

  async function put(
    projectId: string,
    { messageId, priority, since }: OpenMessage & { priority: Priority },
  ) {
    const name = nameOf(priority, { messageId, since });
    const expiresAt = Math.ceil((since + openDays[priority] * dayMs) / 1000);
    const item = { ...progressKey(projectId, name), messageId, since, expiresAt };
    await client.send(new PutItemCommand({ TableName, Item: marshall(item) }));
  }

  async function remove(projectId: string, priority: Priority, message: OpenMessage) {
    const Key = marshall(progressKey(projectId, nameOf(priority, message)));
    await client.send(new DeleteItemCommand({ TableName, Key }));
  }

  return {
    async open(projectId, priority, limit) {
      const items = await itemsIn(table, rangeOf(projectId, priority), limit);
      return items.map(({ messageId, since }) => ({ messageId: String(messageId), since: Number(since) }));
    },
    countOpen: (projectId, priority) => countIn(table, rangeOf(projectId, priority)),
    addOpen: (projectId, messages) =>
      inParallel(messages.filter(isKeyed), async (message) => {
        // The new one first: if this ends between both, the message is asked for twice, and not never.
        await put(projectId, message);
        for (const other of priorities) {
          if (other !== message.priority) await remove(projectId, other, message);
        }
      }),
    removeOpen: (projectId, messages) =>
      inParallel(messages.filter(isKeyed), async (message) => {
        for (const priority of priorities) await remove(projectId, priority, message);
      }),
  };
}

/** Whether it can have a key. Otherwise it is not asked for again: one odd id must not end each run. */
function isKeyed(message: OpenMessage): boolean {
  return Number.isFinite(message.since) && Buffer.byteLength(nameOf('unsettled', message)) <= maxNameLength;
}

/** In the order of time, and then of the id. */
function nameOf(priority: Priority, { messageId, since }: OpenMessage): string {
  return `open#${priority}#${timeText(since)}#${messageId}`;
}

/** Milliseconds, in a text that has the same order. */
function timeText(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(16, '0');
}

async function inParallel<Each>(all: readonly Each[], act: (each: Each) => Promise<void>): Promise<void> {
  for (let index = 0; index < all.length; index += parallelWrites) {
    await Promise.all(all.slice(index, index + parallelWrites).map(act));
  }
}
