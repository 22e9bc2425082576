import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { PermanentFailure } from '../handlers/handler.ts';
import type { PublishedEvent } from './published-event.ts';

/**
 * Publishes an event that was handled.
 *
 * @param signal aborts the call
 * @throws PermanentFailure if EventBridge will never take the event
 */
export type Publish = (entry: PublishedEvent, signal: AbortSignal) => Promise<void>;

/**
 * An entry must be smaller. The reference of the pinned SDK says 1 MB, which is the receiver's limit for queues, too.
 * Older pages of EventBridge's user guide say 256 KB, and a region may still have that limit: it refuses such an entry
 * with a ValidationException. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const maxEntryBytes = 1_048_576;
/**
 * How many bytes the time of an entry counts as.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
const timeBytes = 14;

/** The `source` of what is published, which rules match. */
const eventSource = 'zavu';

/** Errors that mean that the event itself does not fit. A deployment can fix others, such as AccessDenied. */
const permanentErrorNames = ['ValidationException', 'InvalidArgument', 'MalformedDetail'];

/** Creates the publisher of a worker, which puts one event at a time on the bus of this name. */
export function createPublisher(busName: string, client: EventBridgeClientConfig): Publish {
  const eventBridge = new EventBridgeClient(client);
  return async ({ type, timestamp, detail }, signal) => {
    if (detail === undefined) {
      throw new PermanentFailure('The event is nested too deeply to be written as JSON for EventBridge.');
    }
    const bytes = timeBytes + Buffer.byteLength(eventSource + type + detail);
    if (bytes >= maxEntryBytes) {
      throw new PermanentFailure(
        `EventBridge takes entries smaller than ${maxEntryBytes} bytes, and this event makes one of ${bytes}.`,
      );
    }
    const entry = {
      EventBusName: busName,
      Source: eventSource,
      DetailType: type,
      Detail: detail,
      Time: new Date(timestamp),
    };
    try {
      const answer = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }), {
        abortSignal: signal,
      });
      // EventBridge answers 200 whatever became of the entry.
      const [{ ErrorCode, ErrorMessage } = {}] = answer.Entries ?? [];
      if (ErrorCode || answer.FailedEntryCount) throw named(ErrorCode ?? 'FailedEntry', ErrorMessage);
    } catch (error) {
      if (!(error instanceof Error && permanentErrorNames.includes(error.name))) throw error;
      throw new PermanentFailure(`EventBridge refuses the event: ${error.name}: ${error.message}`);
    }
  };
}

function named(name: string, message: string | undefined): Error {
  return Object.assign(new Error(message), { name });
}
