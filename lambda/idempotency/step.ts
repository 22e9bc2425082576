import { setTimeout as sleep } from 'node:timers/promises';
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { createPersistence, type IdempotencyStore, keyPrefixes, type StepName } from './store.ts';

/**
 * What became of a step of one event.
 *
 * - `done`: it ran now. `recorded` says whether its record could be completed.
 * - `duplicate`: it was done before.
 * - `in_progress`: another invocation has claimed it and is running it.
 * - `failed`: it ran and threw.
 * - `unclaimed`: it did not run, because the idempotency table did not take the claim.
 */
export type StepOutcome =
  | { outcome: 'done'; recorded: boolean }
  | { outcome: 'duplicate' }
  | { outcome: 'in_progress' }
  | { outcome: 'failed'; error: unknown }
  | { outcome: 'unclaimed'; error: unknown };

/** The outcomes of a step after which it need not be done again. */
export type Finished = Extract<StepOutcome, { outcome: 'done' | 'duplicate' }>;

export function isFinished(step: { outcome: string }): step is Finished {
  return step.outcome === 'done' || step.outcome === 'duplicate';
}

/** A step that is done once for each key: the handling of an event, its publication, the canary's record. */
export interface IdempotentStep {
  /** To be called with each invocation's context: a claim expires with the function's own time. */
  registerContext(context: Context): void;
  /** Runs `run`, unless it was done for this key before. Never throws. */
  runOnce(key: string, run: () => Promise<void>): Promise<StepOutcome>;
}

const recordEveryMs = 200;
/** How much of the function's time must be left when it stops trying to record: the batch must still be answered. */
const recordMarginMs = 1000;

/**
 * Creates a step that is done once: it claims a key in DynamoDB, runs, and records that it is done. Every default of
 * Powertools that would weaken this is set here. If a function dies in a step, another invocation can claim it as soon
 * as the function's time is over.
 *
 * @param name what is done once; the records of one step say nothing about another step
 * @throws Error if the environment switches idempotency off
 */
export function createIdempotentStep(name: StepName, store: IdempotencyStore): IdempotentStep {
  if (process.env.POWERTOOLS_IDEMPOTENCY_DISABLED) {
    throw new Error(
      'Unset POWERTOOLS_IDEMPOTENCY_DISABLED: without idempotency, customers get messages twice.',
    );
  }
  const { config, persistenceStore } = createPersistence(store);
  // Nothing is returned: a result that DynamoDB cannot store would fail after the side effect.
  const guarded = makeIdempotent(
    async (_key: string, run: () => Promise<void>): Promise<void> => {
      await run();
    },
    { config, persistenceStore, keyPrefix: keyPrefixes[name] },
  );

  let remainingTime = () => 0;

  /**
   * Completes a record that could not be completed at first, and tries for as long as the function may run: without
   * the record, the step would be done again for the event's next duplicate.
   */
  async function recordLate(key: string): Promise<boolean> {
    const withinMs = Math.max(0, remainingTime() - recordMarginMs);
    const deadline = Date.now() + withinMs;
    const recorded = async () => {
      while (Date.now() < deadline) {
        await sleep(recordEveryMs);
        try {
          await persistenceStore.saveSuccess(key, undefined);
          return true;
        } catch {
          // The caller logs one warning if the record is never completed.
        }
      }
      return false;
    };
    // A call that hangs takes longer than the deadline allows.
    return Promise.race([recorded(), sleep(withinMs, false)]);
  }

  return {
    registerContext(context) {
      config.registerLambdaContext(context);
      remainingTime = () => context.getRemainingTimeInMillis();
    },
    async runOnce(key, run) {
      // Powertools' own errors hide whether the step ran and what it threw. Both decide what happens next.
      let progress: StepOutcome = { outcome: 'duplicate' };
      try {
        await guarded(key, async () => {
          progress = { outcome: 'failed', error: undefined };
          try {
            await run();
          } catch (error) {
            progress = { outcome: 'failed', error };
            // Another error than the one that was thrown: Powertools reads it, and for some names runs the step again.
            throw new Error('The step failed.');
          }
          progress = { outcome: 'done', recorded: true };
        });
        return progress;
      } catch (error) {
        return afterError(progress, error, () => recordLate(key));
      }
    },
  };
}

async function afterError(
  progress: StepOutcome,
  error: unknown,
  recordLate: () => Promise<boolean>,
): Promise<StepOutcome> {
  switch (progress.outcome) {
    case 'done':
      // Done, but not recorded. Another attempt would certainly repeat the step. Without one, it is repeated only if a
      // duplicate of the event comes.
      return { outcome: 'done', recorded: await recordLate() };
    case 'failed':
      return progress;
    default:
      return error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError'
        ? { outcome: 'in_progress' }
        : { outcome: 'unclaimed', error };
  }
}
