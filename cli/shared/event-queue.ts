import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { entryOf, type OutgoingEvent, sendBatch } from '../../lambda/queued-event/outgoing-event.ts';

/** SQS's own figures of a queue. They may be up to a minute old. */
interface QueueFigures {
  visible: number;
  /** Received by somebody, and neither deleted nor released yet. */
  hidden: number;
  /** How long the queue keeps a message; undefined if the service does not say. */
  retentionSeconds: number | undefined;
}

/** How many messages SQS takes in one call. */
const batchSize = 10;
/** How many batches are released at once. */
const parallelReleases = 8;

/** A queue of the stack: one of a worker, one of dead letters, or the one of unrouted events. */
export class EventQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async figures(): Promise<QueueFigures> {
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
   * Receives messages and hides them from others. It waits a second for the first: a receive that does not wait asks
   * only a part of SQS's servers, and may find nothing in a queue that is full.
   *
   * @param max up to 10
   * @param visibilityTimeout seconds until a message is visible again, unless it is deleted or released before
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
   */
  async receive(max: number, visibilityTimeout: number): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: max,
        VisibilityTimeout: visibilityTimeout,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  /** Makes messages visible to others again. If that fails for one, it is visible when its time is over. */
  async release(receiptHandles: readonly string[]): Promise<void> {
    for (const batches of chunks(chunks(receiptHandles, batchSize), parallelReleases)) {
      await Promise.allSettled(
        batches.map((handles) =>
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

  /** Hides a message for so long from now. 0 shows it. */
  async hide(receiptHandle: string, seconds: number): Promise<void> {
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }

  async delete(receiptHandle: string): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle }));
  }

  /** Sends an event. Returns once SQS has answered that it holds it. */
  async send(event: OutgoingEvent): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#url, ...entryOf(event) }));
  }

  /** Sends a batch of events, as `sendBatch` does. */
  async sendBatch(events: readonly OutgoingEvent[]): Promise<void> {
    await sendBatch(this.#sqs, this.#url, events);
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
