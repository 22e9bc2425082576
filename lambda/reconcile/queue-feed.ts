import type { SQSClient } from '@aws-sdk/client-sqs';
import { reconciledAttribute } from '../queued-event/attributes.ts';
import { fitBatch, type OutgoingEvent, sendBatch } from '../queued-event/outgoing-event.ts';
import { messageAttributes, messageGroup } from '../queued-event/queue-message.ts';
import { maxEventBytes } from '../queued-event/size.ts';
import { packEvent } from '../queued-event/text.ts';
import type { Envelope } from '../zavu/envelope.ts';

/**
 * Packs a rebuilt event as the receiver packs what was signed.
 *
 * @returns undefined if it is larger than a queue takes, even compressed, or nested too deeply to be written
 */
export function fedEvent(event: Envelope): OutgoingEvent | undefined {
  const text = textOf(event);
  const packed = text === undefined ? undefined : packEvent(text, maxEventBytes);
  return (
    packed && {
      body: packed.body,
      group: messageGroup(event),
      attributes: { ...messageAttributes({ encoding: packed.encoding }), [reconciledAttribute]: '1' },
    }
  );
}

function textOf(event: Envelope): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    // A RangeError: some thousand levels overflow the stack.
    return undefined;
  }
}

/** Puts rebuilt events into the queues of workers, in batches. */
export class QueueFeed {
  readonly #sqs: SQSClient;
  readonly #urlOf: (worker: string) => string;

  /** @param urlOf gives the URL of a worker's queue */
  constructor(sqs: SQSClient, urlOf: (worker: string) => string) {
    this.#sqs = sqs;
    this.#urlOf = urlOf;
  }

  /**
   * Puts events into the queue of a worker. Returns once SQS holds all of them.
   *
   * @throws what `sendBatch` throws
   */
  async send(worker: string, events: readonly OutgoingEvent[]): Promise<void> {
    for (const batch of batches(events)) await sendBatch(this.#sqs, this.#urlOf(worker), batch);
  }
}

function batches(events: readonly OutgoingEvent[]): OutgoingEvent[][] {
  const all: OutgoingEvent[][] = [];
  for (const event of events) {
    const batch = all.at(-1);
    if (batch && fitBatch([...batch, event])) batch.push(event);
    else all.push([event]);
  }
  return all;
}
