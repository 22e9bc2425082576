import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Pause } from './pause.ts';

/** The prefix of the keys of pauses, among the records of the idempotency table. */
export const pauseKeys = 'zavu-pause';

/** The pauses of workers: one record each, in the idempotency table. It stays as long as events of the pause may wait. */
export class PauseRecords {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** The pause of a worker; undefined if there is none. */
  async find(worker: string): Promise<Pause | undefined> {
    const pause = await this.latest(worker);
    return pause?.hasEnded ? undefined : pause;
  }

  /** The latest pause of a worker, also if it has ended and its events may wait still; undefined if there is none. */
  async latest(worker: string): Promise<Pause | undefined> {
    const { Item } = await this.#client.send(
      // Consistent, because the command may have written it a moment ago.
      new GetItemCommand({ TableName: this.#tableName, Key: keyOf(worker), ConsistentRead: true }),
    );
    return (
      Item && {
        since: Number(Item.since?.N),
        until: Number(Item.until?.N),
        ...(Item.ended && { hasEnded: true }),
        ...(Item.drained && { drained: Number(Item.drained.N) }),
      }
    );
  }

  /** Records a pause, in place of the one that is there. */
  async put(worker: string, pause: Pause): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item: itemOf(worker, pause) }));
  }

  /**
   * Puts a pause in place of the one that was found, unless somebody has changed that meanwhile.
   *
   * @param by undefined to remove it
   * @returns whether it was replaced
   */
  async replace(worker: string, found: Pause, by?: Pause): Promise<boolean> {
    const input = { TableName: this.#tableName, ...isUnchanged(found) };
    try {
      if (by) await this.#client.send(new PutItemCommand({ ...input, Item: itemOf(worker, by) }));
      else await this.#client.send(new DeleteItemCommand({ ...input, Key: keyOf(worker) }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

/** Whoever changes a pause changes until when it lasts. */
function isUnchanged({ until }: Pause) {
  const isReadable = !Number.isNaN(until);
  return {
    ConditionExpression: isReadable ? '#until = :until' : 'NOT attribute_type(#until, :until)',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':until': isReadable ? { N: String(until) } : { S: 'N' } },
  };
}

function itemOf(worker: string, { since, until, hasEnded, drained }: Pause): Record<string, AttributeValue> {
  return {
    ...keyOf(worker),
    since: { N: String(since) },
    until: { N: String(until) },
    ...(hasEnded && { ended: { BOOL: true } }),
    ...(drained !== undefined && { drained: { N: String(drained) } }),
  };
}

function keyOf(worker: string) {
  return { id: { S: `${pauseKeys}#${worker}` } };
}
