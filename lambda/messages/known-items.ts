import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKind } from './key.ts';

/** What this deployment knows of a message, a call, a template or the like. */
export interface KnownItem {
  /** The present status. Of two items, that of the later. */
  status: string;
  /** Every state that an event reported. */
  states: ReadonlySet<string>;
  /** Timestamp of the latest event, in milliseconds. */
  updatedAt: number;
}

export interface KnownItems {
  /**
   * Reads what is known of a subject, in items of the project and in those that name no project: Zavu's oldest events name
   * none. Another project's items do not count, so that nobody can make an event of somebody else's look known.
   *
   * @returns undefined if nothing is known
   */
  find(kind: ItemKind, id: string, projectId: string): Promise<KnownItem | undefined>;
}

export function createKnownItems({
  client,
  tableName,
}: {
  client: DynamoDBClient;
  tableName: string;
}): KnownItems {
  return {
    async find(kind, id, projectId) {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: 'id = :id',
          ExpressionAttributeValues: marshall({ ':id': `${kind}#${id}` }),
          // What a worker recorded a moment ago is known.
          ConsistentRead: true,
        },
      );
      let known: KnownItem | undefined;
      for await (const { Items = [] } of pages) {
        for (const item of Items.map((each) => unmarshall(each))) {
          if (item.projectId === undefined || item.projectId === projectId)
            known = merged(known, knownItemOf(item));
        }
      }
      return known;
    },
  };
}

function knownItemOf({ status, reports, updatedAt }: Record<string, unknown>): KnownItem {
  return {
    status: String(status),
    // A template's item has its latest status alone.
    states: new Set([...Object.keys(Object(reports)), String(status)]),
    updatedAt: Number(updatedAt),
  };
}

function merged(one: KnownItem | undefined, other: KnownItem): KnownItem {
  if (!one) return other;
  const later = other.updatedAt > one.updatedAt ? other : one;
  return { ...later, states: new Set([...one.states, ...other.states]) };
}
