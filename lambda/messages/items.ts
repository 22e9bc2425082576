import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from './key.ts';

export interface Items {
  client: DynamoDBClient;
  tableName: string;
  /** How long an item stays after its latest event. */
  retentionSeconds: number;
}

/** How an item changes, in plain functions. */
export interface ItemChange<Item> {
  /** The item with the event added; the same object if that changes nothing. */
  add(before: Item | undefined): Item;
  /** The item without the parts that may be long. */
  shorten(item: Item): Item;
}

/**
 * How often a write is tried if another worker has changed the item meanwhile. A message has a handful of events, and
 * in each round at least one of them is written.
 */
const maxRounds = 10;

/**
 * Reads an item, changes it, and writes it on the condition that it has not changed since.
 *
 * @param now milliseconds
 * @returns `refused` if DynamoDB takes the item in no form, which another try would not change
 * @throws Error if the table is unavailable, or other workers keep changing the item
 */
export async function changeItem<Item extends { updatedAt: number }>(
  items: Items,
  key: ItemKey,
  { add, shorten }: ItemChange<Item>,
  now: number,
  signal: AbortSignal,
): Promise<'recorded' | 'refused'> {
  for (let round = 0; round < maxRounds; round++) {
    // An old version does no harm, because the write would fail. A second round should read the newest one.
    const stored = await read<Item>(items, key, round > 0, signal);
    const after = add(stored?.item);
    if (after === stored?.item) return 'recorded';
    const put = (item: Item) => write(items, { ...item, ...key }, stored?.version, now, signal);
    let outcome = await put(after);
    if (outcome === 'refused') outcome = await put(shorten(after));
    if (outcome !== 'overtaken') return outcome;
  }
  throw new Error('Other workers kept changing the item.');
}

/**
 * When an item expires, in seconds: the retention after its latest event. It is at most the retention from now, and
 * never in the past, because DynamoDB keeps an item for ever if its time was over five years ago.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 *
 * @param updatedAt milliseconds, as `now`
 */
export function expiryOf(updatedAt: number, retentionSeconds: number, now: number): number {
  const expiresAt = Math.min(updatedAt, now) + retentionSeconds * 1000;
  return Math.floor(Math.max(expiresAt, now) / 1000);
}

/** An item as this module has written it, and its version. */
async function read<Item>(
  { client, tableName }: Items,
  key: ItemKey,
  isConsistent: boolean,
  signal: AbortSignal,
): Promise<{ item: Item; version: number } | undefined> {
  const get = new GetItemCommand({
    TableName: tableName,
    Key: marshall(key),
    ConsistentRead: isConsistent,
  });
  const { Item } = await client.send(get, { abortSignal: signal });
  if (!Item) return undefined;
  const { id: _id, owner: _owner, version, expiresAt: _expiresAt, ...item } = unmarshall(Item);
  return { item: item as Item, version };
}

/** Writes an item, unless it is no longer at the version that was read, or DynamoDB refuses it as it is. */
async function write(
  { client, tableName, retentionSeconds }: Items,
  item: ItemKey & { updatedAt: number },
  version: number | undefined,
  now: number,
  signal: AbortSignal,
): Promise<'recorded' | 'overtaken' | 'refused'> {
  const expiresAt = expiryOf(item.updatedAt, retentionSeconds, now);
  const put = new PutItemCommand({
    TableName: tableName,
    Item: marshall({ ...item, version: (version ?? 0) + 1, expiresAt }),
    ...(version === undefined
      ? { ConditionExpression: 'attribute_not_exists(id)' }
      : {
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: marshall({ ':version': version }),
        }),
  });
  try {
    await client.send(put, { abortSignal: signal });
    return 'recorded';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'overtaken';
    // The SDK has no class for it. The read before has shown that table and key are right.
    if (error instanceof DynamoDBServiceException && error.name === 'ValidationException') return 'refused';
    throw error;
  }
}
