import { createKnownSenders, type KnownSenders } from './progress/known-senders.ts';
import { createLeases, type Leases } from './progress/lease.ts';
import { createOpenMessages, type OpenMessages } from './progress/open-messages.ts';
import type { ProgressTable } from './progress/partition.ts';
import { createWalks, type Walks } from './progress/walks.ts';

/**
 * How far reconciling is, for each project of Zavu: in the messages table, and not in memory, because a run may end at any
 * call. Each write is one item, and stands or does not. A run that was killed goes on from the last one.
 */
export interface Progress extends Leases, Walks, OpenMessages, KnownSenders {}

/**
 * Creates the progress of reconciling. It needs `grantProgress` (lib/messages/messages-table.ts).
 *
 * @param options.clock gives milliseconds
 */
export function createProgress({
  clock = Date.now,
  ...table
}: Omit<ProgressTable, 'clock'> & { clock?: () => number }): Progress {
  const partition = { ...table, clock };
  return {
    ...createLeases(partition),
    ...createWalks(partition),
    ...createOpenMessages(partition),
    ...createKnownSenders(partition),
  };
}
