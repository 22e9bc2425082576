import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import type { IdempotencyStore } from '../idempotency/store.ts';
import { receivesOf } from '../queued-event/attributes.ts';

/** How a run ended that could not record its end itself: the function died in it, or was killed at its time-out. */
export type Lost = 'function_died' | 'timed_out';

/** What is recorded of the runs of a message. */
export interface History {
  /** How many were begun. */
  readonly count: number;
  /** How the last one ended, if it could not record that itself. */
  readonly lost?: Lost;
  /** Class of the error that the last one threw, if it threw one. */
  readonly cause?: string;
}

/** The run of one receive of a message: of its handler or, if its event is handled, of the publication. */
export interface Run {
  /** The runs before it; none if they could not be read. */
  readonly before: History;
  /** What DynamoDB's client threw instead of telling the runs before: nothing may be run then. */
  readonly unread?: { readonly error: unknown } | undefined;
  /** How many were begun, this one included; undefined if that is not known. */
  readonly count: number | undefined;
  /**
   * Counts the run before it begins, so that it counts whatever becomes of the function. May be called again. The first
   * receive makes no call: a run in which the function dies is not counted then.
   *
   * @throws what DynamoDB's client throws, and then nothing may be run
   */
  begin(): Promise<void>;
  /** Takes back that it was begun, if nothing was run after all. Makes no call if the beginning is not recorded. */
  undo(): Promise<void>;
  /** Records that the function will be killed before the run has ended. */
  late(): Promise<void>;
  /** Records how it failed, for a message that stays in its queue. */
  end(cause: string): Promise<void>;
  /**
   * Records that it ended well, for a message that stays all the same. Makes no call if its beginning is not recorded.
   */
  close(): Promise<void>;
}

/** Tells the runs of a message that was received. It makes no call for one that is received for the first time. */
export type Runs = (record: SQSRecord) => Promise<Run>;

/**
 * Creates the record of runs, in the table of the idempotency records. An item belongs to a message
 * and not to its event: a message that is redriven is another one, and its count begins anew (docs/decisions/0024).
 */
export function createRuns({ client, tableName: TableName, expirySeconds }: IdempotencyStore): Runs {
  return async (record) => {
    const isFirst = receivesOf(record) <= 1;
    const id = { S: `zavu-runs#${record.messageId}` };
    const { before, unread } = isFirst ? noRuns : await readRuns(client, TableName, id);
    let isBegun = false;
    let isRecordedOpen = false;
    let written: Promise<unknown> = Promise.resolve();

    // The whole item each time: a call that is repeated because its answer was lost counts nothing twice.
    const write = (isOpen: boolean, cause: string, runs = before.count + 1): Promise<unknown> => {
      isBegun = runs > before.count;
      isRecordedOpen = isOpen;
      const Item = {
        id,
        runs: { N: String(runs) },
        open: { BOOL: isOpen },
        cause: { S: cause.slice(0, 200) || 'none' },
        expiration: { N: String(Math.floor(Date.now() / 1000) + expirySeconds) },
      };
      // One after another: the write before must not arrive after the end.
      const put = () => client.send(new PutItemCommand({ TableName, Item }));
      written = written.then(put, put);
      return written;
    };

    return {
      before,
      unread,
      get count() {
        return unread ? undefined : before.count + Number(isBegun);
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
        if (isRecordedOpen) await write(false, 'none', before.count);
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

/** What is recorded of a message's runs, or why that could not be read. */
type Recorded = Pick<Run, 'before' | 'unread'>;

const noRuns: Recorded = { before: { count: 0 } };

async function readRuns(client: DynamoDBClient, TableName: string, id: { S: string }): Promise<Recorded> {
  try {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id }, ConsistentRead: true }));
    if (!Item) return noRuns;
    const count = Number(Item.runs?.N ?? 0);
    const cause = Item.cause?.S ?? 'none';
    if (!Item.open?.BOOL) return { before: { count, cause } };
    return { before: { count, lost: cause === 'timed_out' ? cause : 'function_died' } };
  } catch (error) {
    return { ...noRuns, unread: { error } };
  }
}
