import { IdempotencyItemNotFoundError, IdempotencyRecordStatus } from '@aws-lambda-powertools/idempotency';
import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { createPersistence, type IdempotencyStore, keyPrefixes, type StepName } from './store.ts';

/**
 * Creates a reader of a step's idempotency records. It claims nothing.
 *
 * @returns a function that gives the record of a key (claim-key.ts), or undefined if there is none
 */
export function createRecords(
  step: StepName,
  store: IdempotencyStore,
): (key: string) => Promise<IdempotencyRecord | undefined> {
  const { config, persistenceStore } = createPersistence(store);
  persistenceStore.configure({ config, keyPrefix: keyPrefixes[step] });
  return async (key) => {
    try {
      return await persistenceStore.getRecord(key);
    } catch (error) {
      if (error instanceof IdempotencyItemNotFoundError) return undefined;
      throw error;
    }
  };
}

/**
 * Creates a lookup of idempotency records.
 *
 * @returns a function that tells whether the step is recorded as done for a key
 */
export function createLookup(step: StepName, store: IdempotencyStore): (key: string) => Promise<boolean> {
  const recordOf = createRecords(step, store);
  return async (key) => (await recordOf(key))?.getStatus() === IdempotencyRecordStatus.COMPLETED;
}
