import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { reconciledAttribute, textAttributes } from '../queued-event/attributes.ts';
import { maxEventBytes } from '../queued-event/size.ts';
import { packEvent } from '../queued-event/text.ts';
import { messageAttributes, messageGroup } from '../receiver/queue-message.ts';
import type { Envelope } from '../zavu/envelope.ts';

/** An event as a queue takes it. */
export interface FedEvent {
  body: string;
  group: string;
  attributes: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxEntries = 10;
const maxBatchBytes = 1_048_576;
/** More than an entry has besides its body. */
const entryOverheadBytes = 512;
const maxSends = 4;
const firstWaitMs = 400;

/**
 * Packs a rebuilt event as the receiver packs what was signed.
 *
 * @returns undefined if it is larger than a queue takes, even compressed, or nested too deeply to be written
 */
export function fedEvent(event: Envelope): FedEvent | undefined {
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
   * @throws Error if SQS does not take one of them
   */
  async send(worker: string, events: readonly FedEvent[]): Promise<void> {
    for (const batch of batches(events)) await this.#sendBatch(this.#urlOf(worker), batch);
  }

  async #sendBatch(QueueUrl: string, events: readonly FedEvent[]): Promise<void> {
    let entries = events.map(({ body, group, attributes }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageGroupId: group,
      MessageAttributes: textAttributes(attributes),
    }));
    for (let send = 0; send < maxSends; send++) {
      if (send > 0) await sleep(firstWaitMs * 2 ** (send - 1));
      const { Failed = [] } = await this.#sqs.send(
        new SendMessageBatchCommand({ QueueUrl, Entries: entries }),
      );
      const failed = new Set(Failed.map(({ Id }) => Id));
      entries = entries.filter(({ Id }) => failed.has(Id));
      if (entries.length === 0) return;
    }
    throw new Error('SQS did not take all of the rebuilt events.');
  }
}

function batches(events: readonly FedEvent[]): FedEvent[][] {
  const all: FedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = event.body.length + entryOverheadBytes;
    const batch = all.at(-1);
    if (!batch || batch.length === maxEntries || bytes + size > maxBatchBytes) {
      all.push([event]);
      bytes = size;
    } else {
      batch.push(event);
      bytes += size;
    }
  }
  return all;
}
