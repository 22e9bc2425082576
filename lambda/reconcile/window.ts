import { longestLadder } from '../zavu/delivery.ts';
import type { ListName } from './api/zavu-project.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** More than twice what a function may run (15 min), and what clocks may differ by. */
const slackMs = 39 * 60_000;

/**
 * How long ago something must have happened before an event of it is rebuilt, in milliseconds: 6 h. Zavu has made its last
 * attempt by then, and whatever a worker took from its queue in time is in the messages table.
 */
export const settledAfterMs = longestLadder.seconds * 1000 + slackMs;

/** How far back reconciling looks, at the most. Items of the messages table must live longer. */
export const longestLookBackDays = 7;
export const longestLookBackMs = longestLookBackDays * dayMs;

/**
 * For how long after its creation the state of an object may change, in milliseconds: who names a span of time means what
 * happened in it, and not what was created in it. Messages change for days, but rarely.
 */
export const changesForMs: Readonly<Partial<Record<ListName, number>>> = {
  messages: dayMs,
  calls: 6 * hourMs,
};

/**
 * What a walk looks at again of the span of the one before, in milliseconds: an object may be listed a little late. A call
 * changes until it ends.
 */
export const overlapMs: Readonly<Record<ListName, number>> = {
  messages: hourMs / 4,
  conversations: hourMs / 4,
  calls: 6 * hourMs,
  invitations: hourMs,
  templates: hourMs,
  broadcasts: hourMs,
};
