import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/** What became of one event. `in-progress`: another copy of it is being handled right now. */
export type Claim =
  | { outcome: 'handled'; recorded: boolean }
  | { outcome: 'duplicate' }
  | { outcome: 'in-progress' }
  | { outcome: 'failed'; error: unknown }
  | { outcome: 'unclaimed'; error: unknown };

/** Runs `run` unless the event was handled before. Never throws. */
export type Once = (eventId: string, run: () => Promise<void>) => Promise<Claim>;

export interface Memory {
  client: DynamoDBClient;
  tableName: string;
  /** How long a handled event is remembered; `lib/idempotency-table.ts` computes it. */
  expirySeconds: number;
}

// Not the function's name, Powertools' default: a renamed worker, or a type moved to another one, must not
// forget what was handled.
const keyPrefix = 'zavu-event';

/**
 * Creates the once-only guard: claims an event id in DynamoDB, runs the handler, records that it is done.
 * Every default of Powertools that would weaken it is set here.
 *
 * @returns `registerContext`, to be called with every invocation's context: a claim expires with the
 *   function's own time, so that an event whose function died can be taken up again; and `once`
 * @throws Error where the environment switches idempotency off
 */
export function createOnce(memory: Memory): { registerContext(context: Context): void; once: Once } {
  if (process.env.POWERTOOLS_IDEMPOTENCY_DISABLED) {
    throw new Error(
      'Unset POWERTOOLS_IDEMPOTENCY_DISABLED: without idempotency, customers get messages twice.',
    );
  }
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'id',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: memory.expirySeconds,
  });
  // One layer per wrapper: a shared one writes records under another wrapper's prefix.
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: memory.tableName,
    awsSdkV3Client: memory.client,
  });
  // The claim is a copy of the id, because the key is computed again after the handler has had the event.
  // Nothing is returned: a result that DynamoDB cannot store fails after the side effect.
  const guarded = makeIdempotent(
    async (_claim: { id: string }, run: () => Promise<void>): Promise<void> => {
      await run();
    },
    { config, persistenceStore, keyPrefix },
  );

  const once: Once = async (eventId, run) => {
    // Powertools' own errors hide whether the handler ran, and what it threw; both decide what happens next.
    let progress: Claim = { outcome: 'duplicate' };
    try {
      await guarded({ id: eventId }, async () => {
        progress = { outcome: 'failed', error: undefined };
        try {
          await run();
        } catch (error) {
          progress = { outcome: 'failed', error };
          throw error;
        }
        progress = { outcome: 'handled', recorded: true };
      });
      return progress;
    } catch (error) {
      return afterError(progress, error);
    }
  };
  return { registerContext: (context) => config.registerLambdaContext(context), once };
}

function afterError(progress: Claim, error: unknown): Claim {
  switch (progress.outcome) {
    case 'handled':
      // Done, but not recorded. Trying again would certainly repeat it; letting go repeats it only if
      // another copy of the event is under way.
      return { outcome: 'handled', recorded: false };
    case 'failed':
      return progress;
    default:
      return error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError'
        ? { outcome: 'in-progress' }
        : { outcome: 'unclaimed', error };
  }
}
