import { mustClaimSubject } from '../idempotency/subject-claim.ts';
import { subjectOf } from '../messages/subject.ts';
import type { Event } from '../zavu/event.ts';
import type { ReceivedEvent } from './received-event.ts';
import type { Unfinished } from './retry-decision.ts';

/** Another event of the same has been handled, or will be. */
export interface Superseded {
  outcome: 'superseded';
}

/**
 * Claims what an event is about, if it may have been rebuilt meanwhile, or is rebuilt itself. So of an original and its
 * rebuilt event the first one is handled, and the other one is a duplicate (docs/handlers.md).
 *
 * @returns why the event may not be handled; undefined if it may
 */
export async function claimSubject(
  received: ReceivedEvent,
  event: Event,
): Promise<Superseded | Unfinished | undefined> {
  const { subjects } = received.worker;
  if (!subjects || !mustClaimSubject(received, Date.now())) return undefined;
  const subject = subjectOf(event);
  if (!subject) return undefined;
  try {
    const isClaimed = await subjects.claim(subject, received, received.time.signal);
    return isClaimed ? undefined : { outcome: 'superseded' };
  } catch (error) {
    return { outcome: 'unclaimed', error };
  }
}
