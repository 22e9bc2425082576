import { quotas } from './quotas.ts';

/** A worker, and what waits for it. */
export interface Backlog {
  /** Messages that wait at the beginning. */
  waiting: number;
  /** Messages a second that come meanwhile. */
  arriving: number;
  /** Batches at once, messages in each, and seconds that one takes. */
  maxConcurrency: number;
  batch: number;
  batchSeconds: number;
}

const first = quotas.firstPollers.value;
const perSecond = quotas.newPollersPerMinute.value / 60;

/**
 * How long a worker takes to have handled all that waits, in seconds, by a formula.
 *
 * A batch of B messages takes T seconds, and C of them run at once: without the ramp N messages take N·T/(C·B). An
 * event source begins with five batches and takes up five more a second, so that (C-5)²/10 seconds of one batch are
 * wanting in the beginning; and what arrives, λ a second, takes λ·T/B of the C. So
 *
 *     (N·T/B + (C-5)²/10) / (C - λ·T/B)
 *
 * or, where all is handled within the ramp already, the root of 2.5·t² + (5 - λ·T/B)·t = N·T/B.
 *
 * @returns Infinity where more arrives than is handled
 */
export function drainSeconds(backlog: Backlog): number {
  const { waiting, arriving, maxConcurrency, batch, batchSeconds } = backlog;
  const work = (waiting * batchSeconds) / batch;
  const taken = (arriving * batchSeconds) / batch;
  if (waiting === 0) return 0;
  const begun = Math.min(first, maxConcurrency);
  const rampSeconds = (maxConcurrency - begun) / perSecond;
  const a = perSecond / 2;
  const b = begun - taken;
  const withinRamp = (-b + Math.sqrt(b * b + 4 * a * work)) / (2 * a);
  if (withinRamp <= rampSeconds) return withinRamp;
  if (taken >= maxConcurrency) return Number.POSITIVE_INFINITY;
  const wanting = (maxConcurrency - begun) ** 2 / (2 * perSecond);
  return (work + wanting) / (maxConcurrency - taken);
}

/**
 * The same by a simulation, which knows nothing of the formula: pollers that come one after the other, each of which
 * takes a batch, is busy with it, and takes the next.
 *
 * @returns the seconds until the queue was emptied, and the last batch of it handled; Infinity where more arrives than is handled
 */
export function simulateDrain(backlog: Backlog): number {
  const { waiting, arriving, maxConcurrency, batch, batchSeconds } = backlog;
  const keepsUp = (arriving * batchSeconds) / batch < maxConcurrency;
  // When pollers become free. All batches take the same time, so those times are in order.
  const free: number[] = Array.from({ length: Math.min(first, maxConcurrency) }, () => 0);
  let [next, pollers, taken, seconds] = [0, free.length, 0, 0];
  for (;;) {
    const freeAt = free[next] ?? Number.POSITIVE_INFINITY;
    const comesAt = pollers < maxConcurrency ? (pollers - first + 1) / perSecond : Number.POSITIVE_INFINITY;
    if (pollers >= maxConcurrency && !keepsUp) return Number.POSITIVE_INFINITY;
    const now = Math.min(freeAt, comesAt);
    if (comesAt < freeAt) pollers++;
    else next++;
    const left = Math.floor(waiting + arriving * now - taken);
    // Whoever is not given a whole batch has emptied the queue: what comes from now on is handled as it comes.
    if (left < batch) return left < 1 ? seconds : now + batchSeconds;
    taken += batch;
    seconds = now + batchSeconds;
    free.push(seconds);
  }
}
