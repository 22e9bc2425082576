import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** What the keys of items of progress begin with, among the items of the messages table. */
export const progressKeys = 'reconcile';

/** The messages table, in which progress has a partition for each project. */
export interface ProgressTable {
  client: DynamoDBClient;
  tableName: string;
  /** Gives milliseconds. */
  clock(): number;
}

/** The key of an item of progress. The messages table calls its sort key `owner`. */
export function progressKey(projectId: string, name: string): { id: string; owner: string } {
  return { id: `${progressKeys}#${projectId}`, owner: name };
}

/** A part of a project's items: the names from one up to another, of which both belong to it. */
interface NameRange {
  projectId: string;
  first: string;
  last: string;
}

/**
 * Reads the items of a range in the order of their names.
 *
 * @param limit how many, at most
 */
export async function itemsIn(
  { client, tableName }: ProgressTable,
  range: NameRange,
  limit = Number.POSITIVE_INFINITY,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const query = {
    ...queryOf(tableName, range),
    ...(Number.isFinite(limit) ? { Limit: limit } : {}),
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    items.push(...Items.map((each) => unmarshall(each)));
    if (items.length >= limit) break;
  }
  return items.slice(0, limit);
}

/** Counts the items of a range. */
export async function countIn({ client, tableName }: ProgressTable, range: NameRange): Promise<number> {
  let count = 0;
  const query = { ...queryOf(tableName, range), Select: 'COUNT' as const };
  for await (const { Count = 0 } of paginateQuery({ client }, query)) count += Count;
  return count;
}

function queryOf(TableName: string, { projectId, first, last }: NameRange) {
  return {
    TableName,
    KeyConditionExpression: 'id = :id AND #owner BETWEEN :first AND :last',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: marshall({
      ':id': progressKey(projectId, first).id,
      ':first': first,
      ':last': last,
    }),
    // Another run may have written a moment ago.
    ConsistentRead: true,
  };
}

/** Whether the condition of a write was met. */
export async function isMet(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
