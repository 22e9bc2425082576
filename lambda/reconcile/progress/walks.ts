import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { WalkState } from '../list-walk.ts';
import { LeaseLost } from './lease.ts';
import { isMet, type ProgressTable, progressKey } from './partition.ts';

/** A walk along a list that is not at its end. */
export interface Walk extends WalkState {
  /** What it takes: what happened after `from` and up to `to`, in milliseconds. */
  from: number;
  to: number;
  /** Milliseconds. */
  startedAt: number;
}

/** How far a list of a project is reconciled. */
export interface ListProgress {
  /** Since when this deployment reconciles it, in milliseconds. */
  since?: number;
  /** Since when a worker handles each of its event types, in milliseconds; undefined if that is `since` for all. */
  types?: Readonly<Record<string, number>>;
  /** Until when it is reconciled, in milliseconds. */
  doneTo?: number;
  /** The walk under way, if one was cut short. */
  walk?: Walk;
}

export interface Walks {
  read(projectId: string, list: string): Promise<ListProgress>;
  /**
   * Saves how far a list is, in place of what was saved before.
   *
   * @throws LeaseLost if another run is further already: a run that has lost its lease may not know it yet
   */
  save(projectId: string, list: string, progress: ListProgress): Promise<void>;
}

/** What is further: a later end or, with the same end, no walk or more pages of it. */
const isNotBehind =
  'attribute_not_exists(doneTo) OR doneTo < :doneTo OR ' +
  '(doneTo = :doneTo AND (attribute_not_exists(#walk) OR #walk.#pages <= :pages))';

export function createWalks({ client, tableName: TableName }: ProgressTable): Walks {
  return {
    async read(projectId, list) {
      const key = marshall(keyOf(projectId, list));
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }));
      if (!Item) return {};
      const { id: _id, owner: _owner, ...progress } = unmarshall(Item);
      return progress;
    },

    async save(projectId, list, progress) {
      const { doneTo = 0, walk } = progress;
      const put = new PutItemCommand({
        TableName,
        Item: marshall({ ...progress, ...keyOf(projectId, list) }, { removeUndefinedValues: true }),
        ConditionExpression: isNotBehind,
        ExpressionAttributeNames: { '#walk': 'walk', '#pages': 'pages' },
        ExpressionAttributeValues: marshall({ ':doneTo': doneTo, ':pages': walk?.pages ?? 0 }),
      });
      if (!(await isMet(client.send(put)))) {
        throw new LeaseLost(`Another run is further with ${list}.`);
      }
    },
  };
}

function keyOf(projectId: string, list: string) {
  return progressKey(projectId, `list#${list}`);
}
