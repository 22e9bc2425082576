import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { region } from './intrinsics.ts';
import type { LambdaFunction } from './lambda.ts';

/** An event source mapping of the template. */
export interface EventSourceDefinition {
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  maximumConcurrency: number;
  reportsBatchItemFailures: boolean;
}

const waitSeconds = 1;
const pauseAfterErrorMs = 200;

/**
 * Polls a queue for a function as Lambda does: batches, as many at once as the mapping allows, deletes what
 * was handled and leaves what was not. Survives a queue that is out of reach.
 */
export class EventSource {
  readonly #cut = new AbortController();
  #stopped = false;
  readonly #pollers: Promise<void>[];

  constructor(definition: EventSourceDefinition, sqs: SQSClient, target: LambdaFunction) {
    this.#pollers = Array.from({ length: definition.maximumConcurrency }, () =>
      this.#poll(definition, sqs, target),
    );
  }

  /**
   * Receives no more. Resolves when the last batch is done, or its function was killed.
   *
   * @param force cuts off a poll that is under way, which may hide a message until its visibility timeout
   */
  async stop(force: boolean): Promise<void> {
    this.#stopped = true;
    if (force) this.#cut.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(definition: EventSourceDefinition, sqs: SQSClient, target: LambdaFunction): Promise<void> {
    while (!this.#stopped) {
      try {
        const messages = await receive(definition, sqs, this.#cut.signal);
        if (messages.length > 0) await this.#deliver(messages, definition, sqs, target);
      } catch {
        if (!this.#stopped) await sleep(pauseAfterErrorMs);
      }
    }
  }

  async #deliver(
    messages: Message[],
    definition: EventSourceDefinition,
    sqs: SQSClient,
    target: LambdaFunction,
  ): Promise<void> {
    const result = await target.invoke({ Records: messages.map((message) => toRecord(message, definition)) });
    if (!result.ok) return;
    const response = definition.reportsBatchItemFailures
      ? (result.result as SQSBatchResponse | undefined)
      : undefined;
    const failed = new Set(response?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
    // As Lambda does: an identifier that is not of this batch fails all of it.
    const known = new Set(messages.map(({ MessageId = '' }) => MessageId));
    if ([...failed].some((id) => !known.has(id))) return;
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    if (done.length === 0) return;
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: definition.queueUrl,
        Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
}

async function receive(
  definition: EventSourceDefinition,
  sqs: SQSClient,
  signal: AbortSignal,
): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: definition.queueUrl,
      MaxNumberOfMessages: Math.min(10, definition.batchSize),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
    { abortSignal: signal },
  );
  return Messages;
}

function toRecord(message: Message, { queueArn }: EventSourceDefinition): SQSRecord {
  const attributes = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '1',
      SentTimestamp: attributes.SentTimestamp ?? '',
      SenderId: attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(
        ([name, { StringValue = '', DataType = 'String' }]) => [
          name,
          { stringValue: StringValue, dataType: DataType },
        ],
      ),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
