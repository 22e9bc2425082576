import type { Finished, IdempotentStep } from '../idempotency/step.ts';
import { errorFields } from '../shared/log.ts';
import type { ReceivedEvent } from './received-event.ts';
import { attemptsAreOver, type Unfinished } from './retry-decision.ts';

/**
 * Does a step once, as an attempt: it is counted after the claim and before the run. A step that cannot be claimed,
 * prepared or counted, or for which no time is left, is not run and uses no attempt.
 *
 * An event without an attempt left is claimed all the same: if it was done for a duplicate meanwhile, it is one.
 *
 * @param prepare what must be done before each attempt, and is none itself; gives why nothing may be run, if so
 */
export async function attemptOnce<Prevented extends { outcome: string } = never>(
  received: ReceivedEvent,
  step: IdempotentStep,
  key: string,
  attempt: () => Promise<void>,
  prepare: () => Promise<Unfinished | Prevented | undefined> = async () => undefined,
): Promise<Finished | Unfinished | Prevented> {
  const { run, time, log, worker } = received;
  let notRun: Unfinished | Prevented | undefined;
  const outcome = await step.runOnce(key, async () => {
    if (attemptsAreOver(run, worker.retry.limits)) throw new Error('No attempt is left.');
    if (time.signal.aborted) {
      notRun = { outcome: 'postponed' };
      throw new Error('The function is about to be killed.');
    }
    notRun = await prepare();
    if (notRun) throw new Error('Nothing may be run.');
    try {
      await run.begin();
    } catch (error) {
      notRun = { outcome: 'unclaimed', error };
      throw error;
    }
    // The calls until here may take the time that was left.
    if (time.signal.aborted) {
      notRun = { outcome: 'postponed' };
      await run.undo();
      throw new Error('The function is about to be killed.');
    }
    const late = () => run.late().catch((error) => log.warn('run_not_recorded', errorFields(error)));
    time.signal.addEventListener('abort', late, { once: true });
    try {
      await attempt();
    } finally {
      time.signal.removeEventListener('abort', late);
    }
  });
  return notRun ?? outcome;
}
