import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { textAttributes } from '../../lambda/queued-event/attributes.ts';
import { readLetter, type StoredMessage } from '../dead-letters/stored-message.ts';

/** SQS's own figures of a queue, which lag behind by up to a minute. */
export interface Figures {
  visible: number;
  /** In somebody's hands: received, and neither deleted nor given back yet. */
  hidden: number;
  /** How long it keeps a message; undefined where the service does not say. */
  retentionSeconds: number | undefined;
}

/** How many batches are given back at once. */
const parallel = 8;

/** A queue where letters rest. */
export class RestingQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async figures(): Promise<Figures> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'MessageRetentionPeriod',
        ],
      }),
    );
    const retention = Attributes.MessageRetentionPeriod;
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages),
      hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      retentionSeconds: retention === undefined ? undefined : Number(retention),
    };
  }

  /**
   * Receives letters and hides them from others. Waits a second for the first: a poll that does not wait asks a
   * part of SQS's servers only, and may find nothing in a queue that is full.
   *
   * @param most up to 10
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
   */
  async receive(most: number, visibilityTimeoutFor: number): Promise<StoredMessage[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: visibilityTimeoutFor,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map(readLetter);
  }

  /** Makes letters visible to others again. One that cannot be comes back by itself when its time is over. */
  async release(receiptHandles: readonly string[]): Promise<void> {
    const batches = chunks(receiptHandles, 10);
    for (const group of chunks(batches, parallel)) {
      await Promise.allSettled(
        group.map((handles) =>
          this.#sqs.send(
            new ChangeMessageVisibilityBatchCommand({
              QueueUrl: this.#url,
              Entries: handles.map((ReceiptHandle, index) => ({
                Id: String(index),
                ReceiptHandle,
                VisibilityTimeout: 0,
              })),
            }),
          ),
        ),
      );
    }
  }

  async delete(receiptHandle: string): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle }));
  }
}

/**
 * Sends an event to a worker's queue as the receiver does, its body in its group, with the message attributes that its
 * worker still reads. Returns once it is durable.
 */
export async function sendEvent(
  sqs: SQSClient,
  url: string,
  { body, group, lasting }: StoredMessage,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: body,
      MessageGroupId: group,
      MessageAttributes: textAttributes(lasting),
    }),
  );
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
