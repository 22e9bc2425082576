import { SingleBar } from 'cli-progress';
import { eventsPrefix } from '../../lambda/archive/layout.ts';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { unpack } from '../../lambda/queued-event/text.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { provedBy } from '../../lambda/zavu/binding.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import type { ArchiveObjects } from './archive-objects.ts';
import type { QueueFeed } from './queue-feed.ts';
import { readRecords } from './records.ts';
import { SeenEvents } from './seen-events.ts';
import { isSelected, type Selection, selectFolders } from './selection.ts';
import type { ReplayTally } from './tally.ts';

/**
 * Puts the selected events into their workers' queues, and draws a bar of how far it is in the folder that it reads.
 * It takes as much memory for millions of events as for thousands.
 *
 * @param routes the deployment's
 * @param feed undefined to count the events only
 * @param signal ends it: what was put until then is counted
 */
export async function replay(
  archive: ArchiveObjects,
  selection: Selection,
  routes: Routes,
  feed: QueueFeed | undefined,
  signal: AbortSignal,
): Promise<ReplayTally> {
  const tally: ReplayTally = { put: {}, duplicates: 0, unrouted: 0, unproved: 0, untyped: 0, broken: 0 };
  const seen = new SeenEvents();
  let events = 0;
  const bar = new SingleBar({
    format: '[{bar}] {value} of {total} objects of {prefix}, {events} events',
    gracefulExit: false,
  });
  bar.start(0, 0, { prefix: eventsPrefix, events });
  try {
    for await (const { prefix, keys } of selectFolders(archive, selection)) {
      if (signal.aborted) break;
      bar.setTotal(keys.length);
      for (const [index, key] of keys.entries()) {
        for await (const record of readRecords(archive, key)) {
          if (signal.aborted) break;
          const text = record && unpack(record.event, record.encoding);
          if (!record || text === undefined) {
            tally.broken++;
            continue;
          }
          const receivedAt = Date.parse(record.receivedAt);
          const read = readEnvelope(text, receivedAt);
          if (!isSelected(record, selection, read?.event)) continue;
          if (!read) {
            tally.untyped++;
            continue;
          }
          const worker = routes.workerFor(read.event.type);
          if (!worker) tally.unrouted++;
          else if (record.boundTo && provedBy(record.boundTo, read.event) !== 'proved') tally.unproved++;
          else if (!seen.isNew(claimKey(read.event, undefined))) tally.duplicates++;
          else {
            events++;
            tally.put[worker] = (tally.put[worker] ?? 0) + 1;
            await feed?.add(worker, { read, text, receivedAt });
          }
          bar.update(index, { prefix, events });
        }
        if (signal.aborted) break;
      }
      bar.update(keys.length, { prefix, events });
    }
    await feed?.flush();
  } finally {
    // It keeps a timer, with which the command would never end.
    bar.stop();
  }
  return tally;
}
