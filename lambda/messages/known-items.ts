import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKind } from './key.ts';
import { reportsOf } from './message.ts';
import { callRanks } from './state-item.ts';
import { ranks } from './status-change.ts';

/** What is known of a message, a call, a template or the like, from all its items together. */
export interface KnownItem {
  /** The highest status, if the kind's states have ranks. Otherwise the status of the item that was updated last. */
  status: string;
  /** Every state that an event is known to have reported. A template's item keeps the latest alone. */
  states: ReadonlySet<string>;
  /** Timestamp of the latest event, in milliseconds. */
  updatedAt: number;
  /** Set if only another project has it. Then no state of it is known. */
  isOthers?: true;
}

export interface KnownItems {
  /**
   * Reads what is known of a message, a call or the like: in the items of a project, whichever sender they name, and in those
   * that name no project, because Zavu's oldest events name none. The items of another project do not count, so that nobody
   * can make somebody else's event look known; but it is told that there are any.
   *
   * @param id its id in Zavu
   * @returns undefined if nothing is known
   * @throws Error if the table is unavailable
   */
  find(kind: ItemKind, id: string, projectId: string): Promise<KnownItem | undefined>;
}

/** Creates a reader of the messages table. It needs `grantKnown` (lib/messages/messages-table.ts). */
export function createKnownItems({
  client,
  tableName,
}: {
  client: DynamoDBClient;
  tableName: string;
}): KnownItems {
  return {
    async find(kind, id, projectId) {
      const query = {
        TableName: tableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: marshall({ ':id': `${kind}#${id}` }),
        // What a worker recorded a moment ago is known.
        ConsistentRead: true,
      };
      const known: KnownItem[] = [];
      let hasOthers = false;
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const item of Items.map((each) => unmarshall(each))) {
          if (item.projectId === undefined || item.projectId === projectId)
            known.push(knownItemOf(kind, item));
          else hasOthers = true;
        }
      }
      return merged(kind, known) ?? (hasOthers ? knownToOthers : undefined);
    },
  };
}

const knownToOthers: KnownItem = { status: '', states: new Set(), updatedAt: 0, isOthers: true };

/** One item as its kind has it: message.ts, template.ts, state-item.ts. */
function knownItemOf(kind: ItemKind, item: Record<string, unknown>): KnownItem {
  const status = String(item.status);
  const reported = Object.keys(kind === 'message' ? reportsOf(item) : Object(item.reports));
  return { status, states: new Set([...reported, status]), updatedAt: Number(item.updatedAt) };
}

const ranksOf: Readonly<Partial<Record<ItemKind, readonly string[]>>> = { message: ranks, call: callRanks };

function merged(kind: ItemKind, known: readonly KnownItem[]): KnownItem | undefined {
  const byTime = known.toSorted((one, other) => one.updatedAt - other.updatedAt);
  const latest = byTime.at(-1);
  if (!latest) return undefined;
  const highest = ranksOf[kind]?.findLast((rank) => known.some(({ status }) => status === rank));
  return {
    status: highest ?? latest.status,
    states: new Set(known.flatMap(({ states }) => [...states])),
    updatedAt: latest.updatedAt,
  };
}
