import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import type { IdempotencyStore } from '../idempotency/step.ts';

/** How a run ended that did not say so: the function died in it, or was killed at its time-out. */
export type Lost = 'function_died' | 'timed_out';

/** What is recorded of the runs of a queued message. */
export interface History {
  /** How many were begun. */
  readonly count: number;
  /** How the last one ended, if it did not say so itself. */
  readonly lost?: Lost;
  /** Class of what the last one threw, if it did. */
  readonly cause?: string;
}

/** The run of one receive of a message: the handler's, or the publication's of an event that is handled. */
export interface Run {
  /** The runs before it; `unread` where DynamoDB did not tell, and then nothing may be run. */
  readonly before: History | { readonly unread: unknown };
  /** How many were begun, with this one; undefined where that is not known. */
  readonly count: number | undefined;
  /**
   * Counts it before it begins, so that it counts whatever becomes of the function. May be called again. The first
   * receive makes no call: a run in which the function dies is then not counted.
   *
   * @throws what DynamoDB's client throws, and then nothing may be run
   */
  begin(): Promise<void>;
  /** Takes back that it was begun, where nothing was run after all. No call where it is not recorded. */
  undo(): Promise<void>;
  /** Records that the function will be killed before the run has ended. */
  late(): Promise<void>;
  /** Records how it ended, for a message that stays in its queue. */
  end(cause: string): Promise<void>;
  /** Records that it ended well, for a message that stays all the same. No call where it is not recorded as begun. */
  close(): Promise<void>;
}

/** Tells the runs of a message that was received: no call for one that is received for the first time. */
export type Runs = (record: SQSRecord) => Promise<Run>;

/**
 * Creates the record of runs, in the table of the idempotency records. An item is of a queued message and not of an
 * event: what is redriven is another message, and begins anew (docs/decisions/0024).
 */
export function createRuns({ client, tableName: TableName, expirySeconds }: IdempotencyStore): Runs {
  return async (record) => {
    const isFirst = Number(record.attributes.ApproximateReceiveCount) <= 1;
    const id = { S: `zavu-runs#${record.messageId}` };
    const before = isFirst ? { count: 0 } : await read(client, TableName, id);
    const known = 'unread' in before ? 0 : before.count;
    let isBegun = false;
    let isRecordedOpen = false;
    let written: Promise<unknown> = Promise.resolve();

    // All of the item each time: a call that is repeated, because its answer was lost, counts nothing twice.
    const write = (isOpen: boolean, cause: string, runs = known + 1): Promise<unknown> => {
      isBegun = runs > known;
      isRecordedOpen = isOpen;
      const Item = {
        id,
        runs: { N: String(runs) },
        open: { BOOL: isOpen },
        cause: { S: cause.slice(0, 200) || 'none' },
        expiration: { N: String(Math.floor(Date.now() / 1000) + expirySeconds) },
      };
      // One after another: the end must not be overtaken by the mark before it.
      const put = () => client.send(new PutItemCommand({ TableName, Item }));
      written = written.then(put, put);
      return written;
    };

    return {
      before,
      get count() {
        return 'unread' in before ? undefined : known + Number(isBegun);
      },
      async begin() {
        if (isFirst) isBegun = true;
        if (isBegun) return;
        try {
          await write(true, 'function_died');
        } catch (error) {
          isBegun = false;
          throw error;
        }
      },
      async undo() {
        if (isRecordedOpen) await write(false, 'none', known);
        isBegun = false;
      },
      async late() {
        await write(true, 'timed_out');
      },
      async end(cause) {
        await write(false, cause);
      },
      async close() {
        if (isRecordedOpen) await write(false, 'none');
      },
    };
  };
}

async function read(
  client: DynamoDBClient,
  TableName: string,
  id: { S: string },
): Promise<History | { unread: unknown }> {
  try {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id }, ConsistentRead: true }));
    const count = Number(Item?.runs?.N ?? 0);
    const cause = Item?.cause?.S ?? 'none';
    if (!Item?.open?.BOOL) return Item ? { count, cause } : { count };
    return { count, lost: cause === 'timed_out' ? cause : 'function_died' };
  } catch (unread) {
    return { unread };
  }
}
