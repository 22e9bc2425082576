import type { Claim, Once } from '../idempotency/step.ts';
import { errorFields } from '../shared/log.ts';
import type { Delivery } from './received-event.ts';
import { isOver, type Unfinished } from './unfinished.ts';

/**
 * Runs a step once, as an attempt: it is counted between the claim and the step. What cannot be claimed, or counted, or
 * has no time, is not run and uses no attempt.
 *
 * What has no attempt left still goes through the claim: what was done for another copy meanwhile is a duplicate.
 */
export async function runOnce(
  delivery: Delivery,
  once: Once,
  key: string,
  step: () => Promise<void>,
): Promise<Claim | Unfinished> {
  const { run, time, log } = delivery;
  let notRun: Unfinished | undefined;
  const claim = await once(key, async () => {
    if (isOver(delivery)) throw new Error('No attempt is left.');
    if (time.signal.aborted) {
      notRun = { outcome: 'postponed' };
      throw new Error('The function is about to be killed.');
    }
    try {
      await run.begin();
    } catch (error) {
      notRun = { outcome: 'unclaimed', error };
      throw error;
    }
    // The call that counts may take what was left of the time.
    if (time.signal.aborted) {
      notRun = { outcome: 'postponed' };
      await run.undo();
      throw new Error('The function is about to be killed.');
    }
    const late = () => run.late().catch((error) => log.warn('run_not_recorded', errorFields(error)));
    time.signal.addEventListener('abort', late, { once: true });
    try {
      await step();
    } finally {
      time.signal.removeEventListener('abort', late);
    }
  });
  return notRun ?? claim;
}
