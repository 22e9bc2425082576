import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { canaryClaims } from '../routing/canary-event.ts';

/** The table of idempotency records. */
export interface IdempotencyStore {
  client: DynamoDBClient;
  tableName: string;
  /** How long a record is kept; `lib/idempotency/idempotency-table.ts` computes it. */
  expirySeconds: number;
}

/**
 * The steps that are done once for an event, and the prefixes of their records' keys. A prefix is not the function's
 * name, which is Powertools' default: if a worker is renamed, or a type moves to another worker, the records still
 * count.
 */
export const keyPrefixes = {
  handling: 'zavu-event',
  publication: 'zavu-publication',
  canary: canaryClaims,
} as const;

export type StepName = keyof typeof keyPrefixes;

/**
 * Powertools' layer over the table. Each step needs its own: a shared one writes records under another's prefix. It takes
 * the key itself. With a JMESPath to the key, Powertools would parse the path for each call, and look through all functions
 * that JMESPath has (docs/decisions/0039).
 */
export function createPersistence({ client, tableName, expirySeconds }: IdempotencyStore) {
  const config = new IdempotencyConfig({
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: expirySeconds,
  });
  return { config, persistenceStore: new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client }) };
}
