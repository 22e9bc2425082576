import type { ArchiveEvent } from '../archive/archive.ts';
import type { OutgoingEvent } from '../queued-event/outgoing-event.ts';
import type { Logger } from '../shared/log.ts';
import type { AcceptedEvent } from './accept.ts';
import type { Accepted } from './outcome.ts';
import type { RecentIds } from './recent-ids.ts';

/** Where accepted events are stored. */
export interface Storage {
  /**
   * Puts an event into a worker's queue or, if `to` is `unrouted`, into the unrouted queue. Returns once it is durable,
   * and throws at the deadline (milliseconds since the epoch) at the latest.
   */
  send(to: string, message: OutgoingEvent, deadline: number): Promise<unknown>;
  /** Where accepted events are kept as well; undefined if the archive is off. */
  archive?: ArchiveEvent | undefined;
  /** Notices an id that two senders use. */
  recentIds: RecentIds;
  log: Logger;
}

/**
 * Stores an accepted event in its queue and, if there is one, in the archive. Returns once it is durable.
 *
 * @param signed the bytes that were signed
 * @param deadline milliseconds since the epoch
 * @throws what `send` throws: then the event counts as not stored
 */
export async function store(
  { event, destination, message, archived }: AcceptedEvent,
  signed: Buffer,
  { send, archive, recentIds, log }: Storage,
  deadline: number,
): Promise<Accepted> {
  if (recentIds.isShared(event)) log.warn('shared_id', { id: event.id });
  // Beside the queue, which alone decides the answer. Both are over before it is given: what goes on after it
  // is frozen with the function.
  const archiving = archived && archive?.(archived, signed, deadline);
  try {
    await send('worker' in destination ? destination.worker : 'unrouted', message, deadline);
  } finally {
    if (archiving) await archiving;
  }
  return { outcome: 'worker' in destination ? 'queued' : 'unrouted', event, ...destination };
}
