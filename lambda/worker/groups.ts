import { claimKey } from '../idempotency/claim-key.ts';
import { receivesOf } from '../queued-event/attributes.ts';
import type { QueuedEvent } from '../queued-event/queued-event.ts';
import { canaryType } from '../routing/canary-event.ts';
import type { Worker } from './worker.ts';

/** Messages of one event. The first is processed for all of them. */
export interface DuplicateGroup {
  first: QueuedEvent;
  duplicates: readonly QueuedEvent[];
}

/**
 * Groups a batch by what is claimed. A message without an event is a group of its own. The first of a group is the one
 * that was received most often, so that what is known of its runs counts.
 */
export function groupsOf(events: readonly QueuedEvent[]): DuplicateGroup[] {
  const groups = Map.groupBy(events, ({ record, envelope, replay }) => {
    if (!envelope) return `message ${record.messageId}`;
    // The canary's events are claimed apart, under ids that other events may have too.
    return `${envelope.type === canaryType ? 'canary' : 'event'} ${claimKey(envelope, replay)}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [first, ...duplicates] = group.sort((a, b) => receivesOf(b.record) - receivesOf(a.record));
    return first ? [{ first, duplicates }] : [];
  });
}

/** Logs a message as a duplicate of the first one of its group. */
export function logDuplicate(worker: Worker, { envelope, reconciled }: QueuedEvent): void {
  if (!envelope) return;
  const { id, type } = envelope;
  worker.log.info('event', {
    outcome: 'duplicate',
    reason: 'same_batch',
    worker: worker.name,
    id,
    type,
    ...(reconciled ? { reconciled } : {}),
  });
}
