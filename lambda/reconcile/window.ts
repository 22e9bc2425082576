import { longestLadder } from '../zavu/delivery.ts';

/** More than a worker's function may run (15 min), and what clocks may differ by. Milliseconds. */
const slackMs = 39 * 60_000;

/**
 * How long ago something must have happened before an event of it is rebuilt, in milliseconds: 6 h. Zavu has made its last
 * attempt by then, and whatever a worker took from its queue in time is in the messages table.
 */
export const settledAfterMs = longestLadder.seconds * 1000 + slackMs;

/** How long ago it may have happened, in milliseconds: 7 days. */
export const longestLookBackMs = 7 * 86_400_000;
