import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { isMet, type ProgressTable, progressKey } from './partition.ts';

/** Another run has the lease, because this one did not renew it in time. It must do nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** That a project is reconciled by one run alone. */
export interface Lease {
  /** @throws LeaseLost if another run has it */
  renew(): Promise<void>;
  /** Gives it back, unless another run has it. */
  release(): Promise<void>;
}

export interface Leases {
  /**
   * Takes a project's lease.
   *
   * @param holder no two runs have the same
   * @returns undefined if another run has it. A lease that was not renewed for {@link leaseMs} is free
   */
  acquire(projectId: string, holder: string): Promise<Lease | undefined>;
}

/** How long a lease lasts if it is not renewed, in milliseconds. */
export const leaseMs = 5 * 60_000;

/** How much later DynamoDB may delete it. Nothing else would, if the project is reconciled no more. */
const dayMs = 86_400_000;

export function createLeases({ client, tableName: TableName, clock }: ProgressTable): Leases {
  return {
    async acquire(projectId, holder) {
      const key = progressKey(projectId, 'lease');
      const names = { '#holder': 'holder', '#until': 'until' };
      const terms = () => {
        const until = clock() + leaseMs;
        return { until, expiresAt: Math.ceil((until + dayMs) / 1000) };
      };
      const take = new PutItemCommand({
        TableName,
        Item: marshall({ ...key, holder, ...terms() }),
        // Its own: the SDK repeats a call whose answer was lost.
        ConditionExpression: 'attribute_not_exists(id) OR #until <= :now OR #holder = :holder',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshall({ ':now': clock(), ':holder': holder }),
      });
      if (!(await isMet(client.send(take)))) return undefined;
      return {
        async renew() {
          const { until, expiresAt } = terms();
          const renewal = new UpdateItemCommand({
            TableName,
            Key: marshall(key),
            UpdateExpression: 'SET #until = :until, expiresAt = :expiresAt',
            ConditionExpression: '#holder = :holder',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: marshall({
              ':holder': holder,
              ':until': until,
              ':expiresAt': expiresAt,
            }),
          });
          if (!(await isMet(client.send(renewal)))) {
            throw new LeaseLost(
              'Another run reconciles the project: this one took too long between two steps.',
            );
          }
        },
        async release() {
          const deletion = new DeleteItemCommand({
            TableName,
            Key: marshall(key),
            ConditionExpression: '#holder = :holder',
            ExpressionAttributeNames: { '#holder': 'holder' },
            ExpressionAttributeValues: marshall({ ':holder': holder }),
          });
          await isMet(client.send(deletion));
        },
      };
    },
  };
}
