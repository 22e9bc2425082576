import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ListName } from './api/zavu-project.ts';

/** The prefix of the partitions in which progress is kept, in the messages table: one for each project. */
export const progressKeys = 'reconcile';

/** The right to reconcile a project, which one run has at a time. */
export interface Lease {
  /**
   * Makes it last for five minutes from now.
   *
   * @throws LeaseLost if another run has it by now
   */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Another run has the lease: this one was stopped for so long that its lease was over. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** A walk along a list: what it takes, and how far it is. */
export interface Walk {
  /** It takes what was created after this, and up to that, in milliseconds. */
  from: number;
  to: number;
  /** Of the next page. @default the first page */
  cursor?: string;
  /** How many pages were taken. */
  pages: number;
  startedAt: number;
}

/** How far a list is reconciled. */
export interface ListProgress {
  /** Since when this deployment records what it compares, in milliseconds. */
  since: number;
  /** Until when the list is reconciled, in milliseconds. */
  doneTo: number;
  /** The walk that was cut short. */
  walk?: Walk;
}

/** Why a message is asked for again: it may still change, or nobody has read it yet, which may stay so for ever. */
export type Priority = 'unsettled' | 'unread';

/** A message that was not final when it was seen. */
export interface OpenMessage {
  messageId: string;
  priority: Priority;
  /** When it was created, in milliseconds. */
  since: number;
}

export interface Progress {
  /**
   * Takes the lease of a project.
   *
   * @param holder a text that no other run has
   * @returns undefined if another run has it
   */
  acquire(projectId: string, holder: string): Promise<Lease | undefined>;
  /** @returns undefined before the first run */
  read(projectId: string, list: ListName): Promise<ListProgress | undefined>;
  save(projectId: string, list: ListName, progress: ListProgress): Promise<void>;
  /** Messages to ask for again, the oldest first. */
  open(projectId: string, priority: Priority, limit: number): Promise<OpenMessage[]>;
  /** Adding a message again changes nothing. It is forgotten after three days, or a day if it is only unread. */
  addOpen(projectId: string, messages: readonly OpenMessage[]): Promise<void>;
  removeOpen(projectId: string, messages: readonly OpenMessage[]): Promise<void>;
  /** The senders whose webhooks belong to this deployment, by their ids. */
  senders(projectId: string): Promise<string[]>;
  rememberSender(projectId: string, senderId: string): Promise<void>;
  forgetSender(projectId: string, senderId: string): Promise<void>;
}

interface ProgressTable {
  client: DynamoDBClient;
  /** The messages table: its keys are `id` and `owner`. */
  tableName: string;
  /** Milliseconds. */
  clock?: () => number;
}

/** As long as Zavu may let a run wait, and a page's work beside it. */
const leaseMs = 300_000;
const dayMs = 86_400_000;
const openMs: Readonly<Record<Priority, number>> = { unsettled: 3 * dayMs, unread: dayMs };

/** Creates the progress of reconciling. Everything is written before what depends on it, so a run may end at any call. */
export function createProgress({ client, tableName, clock = Date.now }: ProgressTable): Progress {
  const keyOf = (projectId: string, owner: string) => ({ id: `${progressKeys}#${projectId}`, owner });

  /** Writes an item, on the condition that nobody else has the lease if it is the lease. */
  async function put(item: Record<string, unknown>, condition?: Record<string, unknown>): Promise<void> {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: marshall(item, { removeUndefinedValues: true }),
        ...(condition
          ? {
              ConditionExpression: 'attribute_not_exists(id) OR holder = :holder OR leasedUntil < :now',
              ExpressionAttributeValues: marshall(condition),
            }
          : {}),
      }),
    );
  }

  async function remove(projectId: string, owner: string): Promise<void> {
    await client.send(
      new DeleteItemCommand({ TableName: tableName, Key: marshall(keyOf(projectId, owner)) }),
    );
  }

  /** The items of a project whose sort key begins so, at most `limit` of them. */
  async function query(projectId: string, prefix: string, limit = Number.POSITIVE_INFINITY) {
    const pages = paginateQuery(
      { client },
      {
        TableName: tableName,
        KeyConditionExpression: 'id = :id AND begins_with(#owner, :prefix)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: marshall({ ':id': `${progressKeys}#${projectId}`, ':prefix': prefix }),
        ConsistentRead: true,
        ...(Number.isFinite(limit) ? { Limit: limit } : {}),
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) {
      items.push(...Items.map((item) => unmarshall(item)));
      if (items.length >= limit) break;
    }
    return items.slice(0, limit);
  }

  /** The oldest comes first in the order of these keys. */
  const openOwner = ({ messageId, priority, since }: OpenMessage) =>
    `open#${priority}#${String(Math.trunc(since)).padStart(15, '0')}#${messageId}`;

  async function writeOpen(requests: readonly object[]): Promise<void> {
    for (let index = 0; index < requests.length; index += maxBatch) {
      let left: Record<string, never[]> = { [tableName]: requests.slice(index, index + maxBatch) as never[] };
      for (let send = 0; Object.keys(left).length > 0; send++) {
        if (send === maxSends) throw new Error('DynamoDB does not take all items of a batch.');
        const { UnprocessedItems = {} } = await client.send(
          new BatchWriteItemCommand({ RequestItems: left }),
        );
        left = UnprocessedItems as typeof left;
      }
    }
  }

  return {
    async acquire(projectId, holder) {
      const take = async () => {
        const now = clock();
        const lease = { ...keyOf(projectId, 'lease'), holder, leasedUntil: now + leaseMs };
        await put(lease, { ':holder': holder, ':now': now });
      };
      try {
        await take();
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
      return {
        async renew() {
          try {
            await take();
          } catch (error) {
            if (!(error instanceof ConditionalCheckFailedException)) throw error;
            throw new LeaseLost('Another run has the lease.', { cause: error });
          }
        },
        async release() {
          try {
            await client.send(
              new DeleteItemCommand({
                TableName: tableName,
                Key: marshall(keyOf(projectId, 'lease')),
                ConditionExpression: 'holder = :holder',
                ExpressionAttributeValues: marshall({ ':holder': holder }),
              }),
            );
          } catch (error) {
            // Another run has it by now.
            if (!(error instanceof ConditionalCheckFailedException)) throw error;
          }
        },
      };
    },

    async read(projectId, list) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: marshall(keyOf(projectId, `list#${list}`)),
          ConsistentRead: true,
        }),
      );
      if (!Item) return undefined;
      const { id: _id, owner: _owner, ...progress } = unmarshall(Item);
      return progress as ListProgress;
    },

    save: (projectId, list, progress) => put({ ...keyOf(projectId, `list#${list}`), ...progress }),

    async open(projectId, priority, limit) {
      const items = await query(projectId, `open#${priority}#`, limit);
      return items.map(({ messageId, since }) => ({
        messageId: String(messageId),
        since: Number(since),
        priority,
      }));
    },

    addOpen: (projectId, messages) =>
      writeOpen(
        messages.map((message) => ({
          PutRequest: {
            Item: marshall({
              ...keyOf(projectId, openOwner(message)),
              messageId: message.messageId,
              since: message.since,
              expiresAt: Math.floor((message.since + openMs[message.priority]) / 1000),
            }),
          },
        })),
      ),

    removeOpen: (projectId, messages) =>
      writeOpen(
        messages.map((message) => ({
          DeleteRequest: { Key: marshall(keyOf(projectId, openOwner(message))) },
        })),
      ),

    async senders(projectId) {
      const items = await query(projectId, 'sender#');
      return items.map(({ owner }) => String(owner).slice('sender#'.length));
    },

    rememberSender: (projectId, senderId) => put(keyOf(projectId, `sender#${senderId}`)),
    forgetSender: (projectId, senderId) => remove(projectId, `sender#${senderId}`),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const maxBatch = 25;
const maxSends = 5;
