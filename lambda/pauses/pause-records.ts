import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

/** The prefix of the keys of pauses, among the records of the idempotency table. */
export const pauseKeys = 'zavu-pause';

/** That a worker takes no events, in milliseconds since the epoch. */
export interface Pause {
  since: number;
  /** When the keeper ends it. */
  until: number;
}

/** The pauses of workers: one record each, in the idempotency table. It stays until the pause ends. */
export class PauseRecords {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** The pause of a worker; undefined if there is none. */
  async find(worker: string): Promise<Pause | undefined> {
    const { Item } = await this.#client.send(
      // Consistent, because the command may have written it a moment ago.
      new GetItemCommand({ TableName: this.#tableName, Key: keyOf(worker), ConsistentRead: true }),
    );
    return Item && { since: Number(Item.since?.N), until: Number(Item.until?.N) };
  }

  /** Records a pause, in place of the one that is there. */
  async put(worker: string, { since, until }: Pause): Promise<void> {
    const Item = { ...keyOf(worker), since: { N: String(since) }, until: { N: String(until) } };
    await this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item }));
  }

  /** Removes the pause of a worker, whichever it is. */
  async remove(worker: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#tableName, Key: keyOf(worker) }));
  }

  /** Removes a pause that is over, unless it was made longer meanwhile. */
  async removeOver(worker: string, { until }: Pause): Promise<void> {
    try {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#tableName,
          Key: keyOf(worker),
          ConditionExpression: '#until = :until',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':until': { N: String(until) } },
        }),
      );
    } catch (error) {
      // The keeper's next run finds the longer pause.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

function keyOf(worker: string) {
  return { id: { S: `${pauseKeys}#${worker}` } };
}
