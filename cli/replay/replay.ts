import { SingleBar } from 'cli-progress';
import { eventsPrefix } from '../../lambda/archive/layout.ts';
import type { ArchiveRecord } from '../../lambda/archive/record.ts';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { unpack } from '../../lambda/queued-event/text.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { provedBy } from '../../lambda/zavu/binding.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import type { ArchiveObjects } from './archive-objects.ts';
import type { ArchivedEvent, QueueFeed } from './queue-feed.ts';
import { readRecords } from './records.ts';
import { SeenEvents } from './seen-events.ts';
import { isSelected, type Selection, selectFolders } from './selection.ts';
import type { ReplayTally } from './tally.ts';

/** What decides which events are put into which queues. */
interface Choice {
  selection: Selection;
  routes: Routes;
  /** The events that were put. */
  seen: SeenEvents;
}

/** What becomes of a record: it is put into a worker's queue, or left out and counted. */
type Outcome = { worker: string; event: ArchivedEvent } | Exclude<keyof ReplayTally, 'put'>;

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
  const choice = { selection, routes, seen: new SeenEvents() };
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
          const outcome = outcomeOf(record, choice);
          if (outcome === undefined) continue;
          if (typeof outcome === 'string') tally[outcome]++;
          else {
            const { worker, event } = outcome;
            events++;
            tally.put[worker] = (tally.put[worker] ?? 0) + 1;
            await feed?.add(worker, event);
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

/**
 * Decides what becomes of a record. An event that is to be put counts as seen from then on.
 *
 * @param record undefined for a line that is none
 * @returns undefined if the record is not selected
 */
function outcomeOf(
  record: ArchiveRecord | undefined,
  { selection, routes, seen }: Choice,
): Outcome | undefined {
  const text = record && unpack(record.event, record.encoding);
  if (!record || text === undefined) return 'broken';
  const receivedAt = Date.parse(record.receivedAt);
  const read = readEnvelope(text, receivedAt);
  if (!isSelected(record, selection, read?.event)) return undefined;
  if (!read) return 'untyped';
  const worker = routes.workerFor(read.event.type);
  if (!worker) return 'unrouted';
  if (record.boundTo && provedBy(record.boundTo, read.event) !== 'proved') return 'unproved';
  if (!seen.isNew(claimKey(read.event, undefined))) return 'duplicates';
  return { worker, event: { read, text, receivedAt } };
}
