import type { SQSRecord } from 'aws-lambda';
import { receivesOf } from '../queued-event/attributes.ts';
import { attemptsAreOver, type Limits, maxAttempts } from './retry-decision.ts';
import type { Run } from './runs.ts';

/** After how many receives for each of its runs a suspect is run beside others, as anything else is. */
const maxReceivesPerRun = 20;

/**
 * Whether a message is a suspect: its function died in its last run, or was killed at its time-out, and it may be run
 * again.
 */
export function isSuspect(record: SQSRecord, run: Run, limits: Limits): boolean {
  if (run.before.lost === undefined || attemptsAreOver(run, limits)) return false;
  // A suspect whose neighbours are slow each time would be put off for ever.
  const perRun = Math.max(2, Math.min(maxReceivesPerRun, limits.maxReceives / (maxAttempts(limits) + 1)));
  return receivesOf(record) <= perRun * (1 + (run.count ?? 0));
}
