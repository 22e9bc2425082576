import { publishedEventOf } from '../event-bus/published-event.ts';
import { PermanentFailure } from '../handlers/handler.ts';
import { claimKey } from '../idempotency/claim-key.ts';
import type { Finished } from '../idempotency/step.ts';
import { attemptOnce } from './attempt-once.ts';
import type { ReceivedEvent } from './received-event.ts';
import type { Unfinished } from './retry-decision.ts';

/** Publishes an event, unless that was done before, once it is known how its handling ended. */
type PublishOnce = (handled: Finished) => Promise<Finished | Unfinished>;

/**
 * Prepares the publication of an event. It must be called before the event's handler, which may change the event.
 *
 * An event is published once, also if it is replayed by force: the bus has a replay of its own. Without a bus there is
 * nothing to do, as if it had been done before.
 */
export function preparePublication(received: ReceivedEvent): PublishOnce {
  const { worker, envelope, reconciled, time, log } = received;
  const { publication } = worker.steps;
  if (!publication) return async () => ({ outcome: 'duplicate' });

  const key = claimKey(envelope, undefined);
  const entry = publishedEventOf(envelope, reconciled);
  return async (handled) => {
    // The function's time is over, and the event would be handled again if it came back from the queue.
    if (handled.outcome === 'done' && !handled.recorded) {
      return {
        outcome: 'failed',
        error: new PermanentFailure('Handled, but the idempotency table was unavailable.'),
      };
    }
    const published = await attemptOnce(received, publication, key, () =>
      publication.publish(entry, time.signal),
    );
    if (published.outcome === 'done') {
      if (!published.recorded) log.warn('publication_not_recorded');
      log.info('published');
    }
    return published;
  };
}
