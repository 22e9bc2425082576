import { setTimeout as sleep } from 'node:timers/promises';
import {
  IdempotencyConfig,
  IdempotencyItemNotFoundError,
  IdempotencyRecordStatus,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { canaryClaims } from '../routing/canary-event.ts';

/** What became of a step of one event. `in_progress`: it is being done for another copy right now. */
export type Claim =
  | { outcome: 'done'; recorded: boolean }
  | { outcome: 'duplicate' }
  | { outcome: 'in_progress' }
  | { outcome: 'failed'; error: unknown }
  | { outcome: 'unclaimed'; error: unknown };

/** Runs `run` unless it was done for the event before. Never throws. */
export type Once = (eventId: string, run: () => Promise<void>) => Promise<Claim>;

export interface Guard {
  registerContext(context: Context): void;
  once: Once;
}

export interface IdempotencyStore {
  client: DynamoDBClient;
  tableName: string;
  /** How long it is remembered what was done; `lib/idempotency/idempotency-table.ts` computes it. */
  expirySeconds: number;
}

/**
 * The steps that are done once for an event, and what their records' keys begin with. Not the function's name,
 * Powertools' default: a renamed worker, or a type moved to another one, must not forget what was done.
 */
const keyPrefixes = {
  handling: 'zavu-event',
  publication: 'zavu-publication',
  canary: canaryClaims,
} as const;

export type Step = keyof typeof keyPrefixes;

const recordEveryMs = 200;
/** What is left of the function's time when it stops trying to record: the batch must still be answered. */
const recordMarginMs = 1000;

/**
 * Creates the once-only guard of a step: claims an event id in DynamoDB, runs the step, records that it is done.
 * Every default of Powertools that would weaken it is set here.
 *
 * @param step what is done once; steps know nothing of each other's records
 * @returns `registerContext`, to be called with every invocation's context: a claim expires with the
 *   function's own time, so that an event whose function died can be taken up again; and `once`
 * @throws Error where the environment switches idempotency off
 */
export function createOnceGuard(step: Step, store: IdempotencyStore): Guard {
  if (process.env.POWERTOOLS_IDEMPOTENCY_DISABLED) {
    throw new Error(
      'Unset POWERTOOLS_IDEMPOTENCY_DISABLED: without idempotency, customers get messages twice.',
    );
  }
  const { config, persistenceStore } = layerOf(store);
  // The claim is a copy of the id, because the key is computed again after the handler has had the event.
  // Nothing is returned: a result that DynamoDB cannot store fails after the side effect.
  const guarded = makeIdempotent(
    async (_claim: { id: string }, run: () => Promise<void>): Promise<void> => {
      await run();
    },
    { config, persistenceStore, keyPrefix: keyPrefixes[step] },
  );

  let remainingTime = () => 0;

  /**
   * Records a step that could not be recorded, for as long as the function may run: it would be done again for
   * the event's next copy.
   */
  async function recordLate(id: string): Promise<boolean> {
    const withinMs = Math.max(0, remainingTime() - recordMarginMs);
    const until = Date.now() + withinMs;
    const recorded = async () => {
      while (Date.now() < until) {
        await sleep(recordEveryMs);
        try {
          await persistenceStore.saveSuccess({ id }, undefined);
          return true;
        } catch {
          // The warning comes once, from whoever learns that it never was recorded.
        }
      }
      return false;
    };
    // A call that hangs outlasts `until`.
    return Promise.race([recorded(), sleep(withinMs, false)]);
  }

  const once: Once = async (eventId, run) => {
    // Powertools' own errors hide whether the step ran, and what it threw; both decide what happens next.
    let progress: Claim = { outcome: 'duplicate' };
    try {
      await guarded({ id: eventId }, async () => {
        progress = { outcome: 'failed', error: undefined };
        try {
          await run();
        } catch (error) {
          progress = { outcome: 'failed', error };
          // Not what was thrown: Powertools reads it, and runs the step again for an error of a name of its own.
          throw new Error('The step failed.');
        }
        progress = { outcome: 'done', recorded: true };
      });
      return progress;
    } catch (error) {
      return afterError(progress, error, () => recordLate(eventId));
    }
  };
  return {
    registerContext(context) {
      config.registerLambdaContext(context);
      remainingTime = () => context.getRemainingTimeInMillis();
    },
    once,
  };
}

async function afterError(
  progress: Claim,
  error: unknown,
  recordLate: () => Promise<boolean>,
): Promise<Claim> {
  switch (progress.outcome) {
    case 'done':
      // Done, but not recorded. Trying again would certainly repeat it; letting go repeats it only if
      // another copy of the event is under way.
      return { outcome: 'done', recorded: await recordLate() };
    case 'failed':
      return progress;
    default:
      return error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError'
        ? { outcome: 'in_progress' }
        : { outcome: 'unclaimed', error };
  }
}

/**
 * Creates a look into the store, which claims nothing.
 *
 * @returns a function that tells whether the step of an event is recorded as done
 */
export function createLookup(step: Step, store: IdempotencyStore): (eventId: string) => Promise<boolean> {
  const { config, persistenceStore } = layerOf(store);
  persistenceStore.configure({ config, keyPrefix: keyPrefixes[step] });
  return async (id) => {
    try {
      const record = await persistenceStore.getRecord({ id });
      return record.getStatus() === IdempotencyRecordStatus.COMPLETED;
    } catch (error) {
      if (error instanceof IdempotencyItemNotFoundError) return false;
      throw error;
    }
  };
}

/** Powertools' layer over the table. One per wrapper: a shared one writes records under another's prefix. */
function layerOf({ client, tableName, expirySeconds }: IdempotencyStore) {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'id',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: expirySeconds,
  });
  return { config, persistenceStore: new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client }) };
}
