import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from './key.ts';
import { knownUpdate, type Succession, type Update, unseenUpdate } from './update.ts';

export interface Items {
  client: DynamoDBClient;
  tableName: string;
  /** How long an item stays after its latest event. */
  retentionSeconds: number;
}

/** How an event changes an item. */
export interface ItemChange<Item> {
  /** The item with the event added; the same object if that changes nothing. */
  add(before: Item | undefined): Item;
  /** The item without the parts that may be long. */
  shorten(item: Item): Item;
  /**
   * The items to which the event can be added unseen, with the same result as `add` has; undefined if there are none but new
   * ones.
   *
   * @param own the item that the event alone makes
   */
  succession?(own: Item): Succession | undefined;
}

/**
 * How often a write is tried if another worker has changed the item meanwhile. A message has a handful of events, and
 * in each round at least one of them is written.
 */
const maxRounds = 10;

/**
 * Adds an event to an item: unseen if the item is new or the event succeeds it, which is one call. Otherwise the refusal
 * brings the item, which is changed and written on the condition that it has not changed since.
 *
 * @param now milliseconds
 * @returns `refused` if DynamoDB takes the item in no form, which another try would not change
 * @throws Error if the table is unavailable, or other workers keep changing the item
 */
export async function changeItem<Item extends { updatedAt: number }>(
  items: Items,
  key: ItemKey,
  { add, shorten, succession }: ItemChange<Item>,
  now: number,
  signal: AbortSignal,
): Promise<'recorded' | 'refused'> {
  const dated = (item: Item) => ({
    ...item,
    expiresAt: expiryOf(item.updatedAt, items.retentionSeconds, now),
  });
  const write = (update: Update) => writeItem<Item>(items, key, update, signal);

  const own = add(undefined);
  let answer = await write(unseenUpdate(dated(own), succession?.(own)));
  for (let round = 0; round < maxRounds && answer !== 'recorded'; round++) {
    // If DynamoDB takes no such item, the read shows that table and key are right: with wrong ones, it throws.
    const stored = (answer !== 'invalid' && answer.instead) || (await readItem<Item>(items, key, signal));
    const after = add(stored?.item);
    if (after === stored?.item) return 'recorded';
    answer = await write(knownUpdate(stored, dated(after)));
    if (answer === 'invalid') answer = await write(knownUpdate(stored, dated(shorten(after))));
    if (answer === 'invalid') return 'refused';
  }
  if (answer === 'recorded') return answer;
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
interface Stored<Item> {
  item: Item;
  version: number;
}

/**
 * Reads an item as it is at this moment. It is asked for if a refusal did not bring the item: it has expired since, or
 * DynamoDB is an emulator that brings none.
 */
async function readItem<Item>(
  { client, tableName }: Items,
  key: ItemKey,
  signal: AbortSignal,
): Promise<Stored<Item> | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: marshall(key), ConsistentRead: true });
  const { Item } = await client.send(get, { abortSignal: signal });
  return Item && storedOf(Item);
}

/**
 * Writes an item.
 *
 * @returns `invalid` if DynamoDB takes it under no circumstances, and the item that is there `instead` if its condition
 *   does not hold; undefined if that is not told
 */
async function writeItem<Item>(
  { client, tableName }: Items,
  key: ItemKey,
  update: Update,
  signal: AbortSignal,
): Promise<'recorded' | 'invalid' | { instead: Stored<Item> | undefined }> {
  const command = new UpdateItemCommand({
    TableName: tableName,
    Key: marshall(key),
    ...update,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(command, { abortSignal: signal });
    return 'recorded';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return { instead: error.Item && storedOf<Item>(error.Item) };
    }
    // The SDK has no class for it.
    if (error instanceof DynamoDBServiceException && error.name === 'ValidationException') return 'invalid';
    throw error;
  }
}

function storedOf<Item>(attributes: Record<string, AttributeValue>): Stored<Item> {
  const { id: _id, owner: _owner, version, expiresAt: _expiresAt, ...item } = unmarshall(attributes);
  return { item: item as Item, version };
}
