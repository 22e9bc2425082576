import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerEventSource } from '../../lambda/pauses/event-sources.ts';
import { isPolling } from '../../lambda/pauses/polling.ts';
import type { WorkerPauses } from '../shared/worker-pauses.ts';

const everyMs = 1_000;

/**
 * Starts or stops an event source, and waits until Lambda has done so.
 *
 * @param withinMs how long to wait; Lambda takes a minute or so
 * @returns whether Lambda has done it; if not, it is still at it
 * @throws Error of Lambda's
 */
export async function settle(
  pauses: Pick<WorkerPauses, 'state' | 'setPolling'>,
  source: WorkerEventSource,
  isOn: boolean,
  withinMs: number,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  let isAsked = false;
  for (;;) {
    const state = await pauses.state(source);
    if (state === (isOn ? 'Enabled' : 'Disabled')) return true;
    isAsked ||= isPolling(state) === isOn || (await isTaken(pauses.setPolling(source, isOn)));
    if (Date.now() > deadline) {
      if (isAsked) return false;
      throw new Error(
        `Lambda is still busy with an earlier change of the ${source.worker} worker's event source. Run the same command again.`,
      );
    }
    await sleep(everyMs);
  }
}

/** Whether Lambda took the change. It takes none while an earlier one is under way. */
async function isTaken(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceInUseException') return false;
    throw error;
  }
}
