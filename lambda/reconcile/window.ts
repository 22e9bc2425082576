import { longestLadder } from '../zavu/delivery.ts';
import type { ListName } from './api/zavu-project.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * From what age on a worker asks, in milliseconds, whether an event was rebuilt before it came (subject-claim.ts): only an
 * event that waits for so long can meet its rebuilt one.
 */
export const lateAfterMs = longestLadder.seconds * 1000;

/**
 * From what age on an event is rebuilt, in milliseconds. Until the end of its longest ladder Zavu may still send it. The rest
 * is more than twice as long as a function may run, so an original that began in time has its item before it is looked for.
 */
export const settledAfterMs = 6 * hourMs;

/** How far back reconciling looks, at the most. Items of the messages table must live longer. */
export const longestLookBackDays = 7;
export const longestLookBackMs = longestLookBackDays * dayMs;

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
