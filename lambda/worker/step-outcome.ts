import type { StepOutcome } from '../idempotency/step.ts';

/** The outcomes of a step after which the message needs it no more. */
export type Finished = Extract<StepOutcome, { outcome: 'done' | 'duplicate' }>;

/** The others. `postponed`: nothing was run, because too little of the function's time is left. */
export type Unfinished = Exclude<StepOutcome, Finished> | { outcome: 'postponed' };

export function isFinished(outcome: Finished | Unfinished): outcome is Finished {
  return outcome.outcome === 'done' || outcome.outcome === 'duplicate';
}
