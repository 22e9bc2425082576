import type { Publish } from '../event-bus/publish.ts';
import type { HandlerContext } from '../handlers/handler.ts';
import type { HandlerLogger } from '../handlers/logger.ts';
import type { IdempotentStep } from '../idempotency/step.ts';
import type { SubjectClaims } from '../idempotency/subject-claim.ts';
import type { Messages } from '../messages/store.ts';
import type { Event } from '../zavu/event.ts';
import type { Retry } from './retry.ts';
import type { Runs } from './runs.ts';

/** What a worker is made of. */
export interface Worker {
  name: string;
  /** The handler of the event's type; undefined if this worker has none. */
  handlerOf(event: Event): ((context: HandlerContext) => Promise<void>) | undefined;
  steps: WorkerSteps;
  /** Keeps the status of every message and template; undefined if this worker has no such table. */
  messages: Messages | undefined;
  /** Claims what events are about; undefined if no event is ever rebuilt. */
  subjects: SubjectClaims | undefined;
  /** Tells how often a message was run. */
  runs: Runs;
  retry: Retry;
  log: HandlerLogger;
}

/** What a worker does once for an event. */
interface WorkerSteps {
  handling: IdempotentStep;
  /** Records the canary's events, under keys that no other event has. */
  canary: IdempotentStep;
  /** Publishes an event that is handled; undefined if there is no bus. */
  publication: (IdempotentStep & { publish: Publish }) | undefined;
}
