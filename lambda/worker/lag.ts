/** 30 days. An event is older only if it was replayed or redriven, or if its time is wrong. */
const maxLagMs = 30 * 86_400_000;

/**
 * How long an event took, from Zavu's timestamp until it was handled, in milliseconds. A metric is made of it (`EndToEnd`).
 * Zavu's time may be anything: a negative duration counts as 0, and one of more than 30 days as 30 days, so that no event can
 * make a percentile useless.
 *
 * @param timestamp Zavu's, in milliseconds; NaN if the event names no time
 * @param now in milliseconds since the epoch
 * @returns undefined if the event names no time
 */
export function lagOf(timestamp: number, now: number): number | undefined {
  const lag = now - timestamp;
  return Number.isNaN(lag) ? undefined : Math.min(Math.max(0, lag), maxLagMs);
}
