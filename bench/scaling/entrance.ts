import { shortestLadder } from '../../lambda/zavu/delivery.ts';
import { quotas } from './quotas.ts';

/** What stands before the queues. */
export interface Entrance {
  throttleRate: number;
  throttleBurst: number;
  receiverSeconds: number;
  /** Invocations at once that the account has, less those that its workers take. */
  concurrency: number;
}

/** What becomes of the events that Zavu sends. */
export interface Reception {
  /** Events that were taken, by the attempt, of which there are five. */
  takenAt: readonly [number, number, number, number, number];
  /** Events that Zavu gave up. */
  lost: number;
  /** When the last one was taken, in seconds after the first was sent. */
  lastAfter: number;
}

/** Zavu's waits after an answer that is no 2xx. The shortest ladder loses most. */
const { waitsSeconds: waits } = shortestLadder;

/**
 * Lets Zavu send `perSecond` events for `seconds`, and what is refused again after its waits: second by second, a token
 * bucket for the stage, and sandboxes that Lambda adds at its rate.
 */
export function simulateEntrance(entrance: Entrance, perSecond: number, seconds: number): Reception {
  const { throttleRate, throttleBurst, receiverSeconds, concurrency } = entrance;
  // A sandbox has ten requests a second at most, however quick it is.
  const requestSeconds = Math.max(receiverSeconds, 1 / quotas.requestsPerExecution.value);
  const horizon = seconds + waits.reduce((sum, wait) => sum + wait, 0);
  /** What is due in a second, by the attempt. */
  const due = waits.map(() => new Float64Array(horizon + 1));
  const takenAt: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let [lost, lastAfter, tokens, sandboxes] = [0, 0, throttleBurst, 0];
  let newSandboxes: number = quotas.newExecutionsPer10Seconds.value;

  for (let second = 0; second <= horizon; second++) {
    const attempts = [second < seconds ? perSecond : 0, ...due.map((ofAttempt) => ofAttempt[second] ?? 0)];
    const coming = attempts.reduce((sum, count) => sum + count, 0);
    const available = tokens + throttleRate;
    const admitted = Math.min(coming, available);
    tokens = Math.min(throttleBurst, available - admitted);
    const wanted = Math.min(concurrency, Math.ceil(admitted * requestSeconds));
    const added = Math.min(newSandboxes, Math.max(0, wanted - sandboxes));
    sandboxes += added;
    newSandboxes = Math.min(
      quotas.newExecutionsPer10Seconds.value,
      newSandboxes - added + quotas.newExecutionsPer10Seconds.value / 10,
    );
    const taken = Math.min(admitted, sandboxes / requestSeconds);
    if (taken > 0) lastAfter = second;

    attempts.forEach((count, attempt) => {
      const share = coming === 0 ? 0 : count / coming;
      takenAt[attempt] = (takenAt[attempt] ?? 0) + taken * share;
      const refused = count - taken * share;
      const wait = waits[attempt];
      const next = due[attempt];
      if (wait === undefined || !next) lost += refused;
      else next[second + wait] = (next[second + wait] ?? 0) + refused;
    });
  }
  return { takenAt, lost, lastAfter };
}
