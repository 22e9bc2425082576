import { setTimeout as sleep } from 'node:timers/promises';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { replayAttribute, textAttributes } from '../../lambda/queued-event/attributes.ts';
import { packEvent } from '../../lambda/queued-event/text.ts';
import { messageAttributes, messageGroup } from '../../lambda/receiver/queue-message.ts';
import type { ReadEnvelope } from '../../lambda/zavu/envelope.ts';

/** What was signed, and when the receiver took it, in milliseconds. */
export interface Signed {
  text: string;
  receivedAt: number;
}

export interface QueueFeedOptions {
  sqs: SQSClient;
  /** Events a second, over all queues. */
  rate: number;
  /** The forced replay that the messages belong to; undefined for messages like the receiver's. */
  replay: string | undefined;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxEntries = 10;
const maxBatchBytes = 1_048_576;
/** As the receiver's (lib/queues.ts). */
const maxBodyBytes = maxBatchBytes - 2_048;
/** More than an entry has besides its body. */
const entryOverheadBytes = 512;

const attempts = 5;

type Entry = Omit<SendMessageBatchRequestEntry, 'Id'> & { MessageBody: string };

/** Puts events into queues as the receiver does, in batches, no faster than told. */
export class QueueFeed {
  readonly #options: QueueFeedOptions;
  readonly #waiting = new Map<string, Entry[]>();
  #free = 0;

  constructor(options: QueueFeedOptions) {
    this.#options = options;
  }

  /**
   * Puts an event into a queue, with the next batch.
   *
   * @throws Error where it is larger than a queue takes: what the archive holds may be larger by a little
   */
  async add(queueUrl: string, { event, hasTime }: ReadEnvelope, { text, receivedAt }: Signed): Promise<void> {
    const { rate, replay } = this.#options;
    const packed = packEvent(text, maxBodyBytes);
    if (!packed) throw new Error(`The event ${event.id} is larger than a queue takes, even compressed.`);
    const attributes = {
      ...messageAttributes({ encoding: packed.encoding, receivedAt: hasTime ? undefined : receivedAt }),
      ...(replay === undefined ? {} : { [replayAttribute]: replay }),
    };
    const entry: Entry = {
      MessageBody: packed.body,
      MessageGroupId: messageGroup(event),
      MessageAttributes: textAttributes(attributes),
    };
    const batch = this.#waiting.get(queueUrl) ?? [];
    const bytes = [...batch, entry].reduce(
      (sum, { MessageBody }) => sum + MessageBody.length + entryOverheadBytes,
      0,
    );
    // A batch counts as its events: with few of them a second, it is no larger than those.
    const full = batch.length >= Math.min(maxEntries, Math.ceil(rate));
    if (batch.length > 0 && (full || bytes > maxBatchBytes)) {
      await this.#send(queueUrl, batch);
      this.#waiting.set(queueUrl, [entry]);
    } else this.#waiting.set(queueUrl, [...batch, entry]);
  }

  /** Puts what waits for a full batch. */
  async flush(): Promise<void> {
    for (const [queueUrl, batch] of this.#waiting) await this.#send(queueUrl, batch);
    this.#waiting.clear();
  }

  /** @throws Error where SQS refuses a message, or takes none for some time */
  async #send(QueueUrl: string, batch: readonly Entry[]): Promise<void> {
    const { sqs, rate } = this.#options;
    await sleep(Math.max(0, this.#free - Date.now()));
    this.#free = Math.max(this.#free, Date.now()) + (batch.length / rate) * 1000;
    let entries = batch.map((entry, index) => ({ ...entry, Id: String(index) }));
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
      const fault = Failed.find(({ SenderFault }) => SenderFault);
      if (fault)
        throw new Error(`SQS refuses a message for ${QueueUrl}: ${fault.Code} ${fault.Message ?? ''}`);
      const failed = new Set(Failed.map(({ Id }) => Id));
      entries = entries.filter(({ Id }) => failed.has(Id));
      if (entries.length === 0) return;
      await sleep(200 * 2 ** attempt);
    }
    throw new Error(`SQS takes no messages for ${QueueUrl} at the moment. Run the same command again later.`);
  }
}
