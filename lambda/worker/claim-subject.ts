import { mustClaimSubject } from '../idempotency/subject-claim.ts';
import { type Subject, subjectOf } from '../messages/subject.ts';
import type { Event } from '../zavu/event.ts';
import type { ReceivedEvent } from './received-event.ts';
import type { Unfinished } from './retry-decision.ts';
import type { Worker } from './worker.ts';

/** What is read of an event that may have to claim its subject. */
interface ArrivingEvent extends Pick<ReceivedEvent, 'envelope' | 'reconciled' | 'replayed'> {
  worker: Pick<Worker, 'subjects'>;
  time: Pick<ReceivedEvent['time'], 'signal'>;
}

/** Another event of the same has been handled, or will be. */
export interface Superseded {
  outcome: 'superseded';
}

/**
 * Claims what an event is about, if it may have been rebuilt meanwhile, or is rebuilt itself. So of an original and its
 * rebuilt event the first one is handled, and the other one is a duplicate (docs/handlers.md).
 *
 * @param now milliseconds
 * @returns why the event may not be handled; undefined if it may
 */
export async function claimSubject(
  received: ArrivingEvent,
  event: Event,
  now: number = Date.now(),
): Promise<Superseded | Unfinished | undefined> {
  const { subjects } = received.worker;
  if (!subjects || !mustClaimSubject(received, now)) return undefined;
  try {
    for (const subject of subjectsOf(event, received)) {
      const isClaimed = await subjects.claim(subject, received, received.time.signal);
      if (!isClaimed) return { outcome: 'superseded' };
    }
    return undefined;
  } catch (error) {
    return { outcome: 'unclaimed', error };
  }
}

/**
 * What an event claims; nothing if it is about nothing that can be rebuilt. The original of a new conversation may name its
 * first message alone, so a rebuilt one claims both.
 */
function subjectsOf(event: Event, { reconciled }: ArrivingEvent): Subject[] {
  const named = [subjectOf(event)];
  if (reconciled && event.type === 'conversation.new') {
    named.push(subjectOf({ ...event, data: { ...event.data, conversationId: null } }));
  }
  return named.filter((subject) => subject !== undefined);
}
