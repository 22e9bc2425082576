import { IdempotencyItemNotFoundError, IdempotencyRecordStatus } from '@aws-lambda-powertools/idempotency';
import { createPersistence, type IdempotencyStore, keyPrefixes, type StepName } from './store.ts';

/**
 * Creates a lookup of idempotency records. It claims nothing.
 *
 * @returns a function that tells whether the step is recorded as done for an event
 */
export function createLookup(step: StepName, store: IdempotencyStore): (key: string) => Promise<boolean> {
  const { config, persistenceStore } = createPersistence(store);
  persistenceStore.configure({ config, keyPrefix: keyPrefixes[step] });
  return async (key) => {
    try {
      const record = await persistenceStore.getRecord(key);
      return record.getStatus() === IdempotencyRecordStatus.COMPLETED;
    } catch (error) {
      if (error instanceof IdempotencyItemNotFoundError) return false;
      throw error;
    }
  };
}
