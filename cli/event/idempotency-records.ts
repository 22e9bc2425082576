import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { createRecords } from '../../lambda/idempotency/lookup.ts';
import type { IdempotencyStore } from '../../lambda/idempotency/store.ts';
import type { Envelope } from '../../lambda/zavu/envelope.ts';
import type { Deployment } from '../shared/deployment.ts';

/** The project and the sender that an event names. */
export type Owner = Pick<Envelope, 'projectId' | 'senderId'>;

/** What the idempotency table has of a step of an event. */
export interface IdempotencyRecord {
  step: 'handling' | 'publication';
  /** The forced replay that it belongs to. */
  replay?: string;
  status: 'completed' | 'in_progress' | 'expired';
  /** When it is deleted, ISO 8601 in UTC. */
  expiresAt?: string;
}

/** Whose event it is: what is known for certain, or what it may be. */
export interface OwnerGuess {
  owners: readonly Owner[];
  isCertain: boolean;
}

const statuses = { COMPLETED: 'completed', INPROGRESS: 'in_progress', EXPIRED: 'expired' } as const;

/**
 * Looks up the records of an event. Their keys are digests of its id, its owner, and the forced replay, so that nothing
 * else finds them.
 *
 * @throws Error if the table cannot be read; or if no record is found and the owner is not certain
 */
export async function readRecordsOf(
  deployment: Deployment,
  id: string,
  { owners, isCertain }: OwnerGuess,
  replays: readonly string[],
): Promise<IdempotencyRecord[]> {
  const { outputs } = deployment;
  const client = new DynamoDBClient(deployment.client('dynamodb'));
  // It only reads, so the expiry of new records does not matter.
  const store = { client, tableName: outputs.IdempotencyTableName ?? '', expirySeconds: 1 };
  const steps = [
    ...[undefined, ...replays].map((replay) => ({ step: 'handling' as const, replay })),
    ...(outputs.EventBusName ? [{ step: 'publication' as const, replay: undefined }] : []),
  ];
  try {
    const found = await Promise.all(
      steps.flatMap(({ step, replay }) =>
        owners.map(async (owner) => {
          const envelope: Envelope = { id, type: '', timestamp: 0, data: {}, ...owner };
          const record = await lookUp(store, step, claimKey(envelope, replay));
          return record ? [{ step, ...(replay ? { replay } : {}), ...record }] : [];
        }),
      ),
    );
    const records = found.flat();
    if (records.length === 0 && !isCertain)
      throw new Error('A record is found by the sender, too, which neither the archive nor a message tells.');
    return records;
  } finally {
    client.destroy();
  }
}

async function lookUp(
  store: IdempotencyStore,
  step: IdempotencyRecord['step'],
  key: string,
): Promise<Pick<IdempotencyRecord, 'status' | 'expiresAt'> | undefined> {
  const record = await createRecords(step, store)(key);
  if (!record) return undefined;
  const { expiryTimestamp } = record;
  return {
    status: statuses[record.getStatus()],
    ...(expiryTimestamp ? { expiresAt: new Date(expiryTimestamp * 1_000).toISOString() } : {}),
  };
}
