import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { clientSettings } from '../aws/client-settings.ts';
import { lastingAttributes, receivesOf, textAttributes } from '../queued-event/attributes.ts';
import type { DeadLetterReason } from '../queued-event/dead-letter.ts';
import type { Limits } from './retry-decision.ts';

/** What is known of an event that becomes a dead letter. */
export interface DeadLetterNote {
  reason: DeadLetterReason;
  /** What was thrown last, in one line. */
  error: string;
  /** Where that was thrown, or `none`. */
  place: string;
  /** How often it was run; undefined if that could not be read. */
  attempts: number | undefined;
}

export interface Retry {
  readonly limits: Limits;
  /** Hides a message for a while. It stays in its queue as long as its record is reported as failed. */
  backOff(record: SQSRecord, seconds: number): Promise<void>;
  /** Copies a message to the dead-letter queue with the reason. Its record may be deleted afterwards. */
  deadLetter(record: SQSRecord, note: DeadLetterNote): Promise<void>;
}

export interface RetrySettings {
  /** @default a client as workers have it */
  sqs?: SQSClient;
  queueUrl: string;
  deadLetterQueueUrl: string;
  limits: Limits;
  /** Version of the code that failed, for the person who reads the dead letter. */
  codeVersion: string;
}

/**
 * Creates the retry policy of a worker. SQS retries at a fixed pace and moves a message without a reason. This waits
 * longer after each attempt, and dead-letters with the reason. SQS's own redrive policy stays, in case this fails.
 */
export function createRetry(settings: RetrySettings): Retry {
  const { sqs = new SQSClient(clientSettings), queueUrl, deadLetterQueueUrl, limits, codeVersion } = settings;
  return {
    limits,
    async backOff(record, seconds) {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
    async deadLetter(record, { reason, error, place, attempts }) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: record.body,
          MessageAttributes: {
            ...textAttributes({ reason, error, place, codeVersion, failedAt: new Date().toISOString() }),
            ...(attempts === undefined ? {} : { attempts: numberAttribute(attempts) }),
            receives: numberAttribute(receivesOf(record)),
            ...lasting(record),
          },
        }),
      );
    },
  };
}

/** What its worker must read again if it is redriven. */
function lasting({ messageAttributes }: SQSRecord): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    lastingAttributes.flatMap((name) => {
      const { dataType, stringValue } = messageAttributes[name] ?? {};
      return stringValue ? [[name, { DataType: dataType, StringValue: stringValue }]] : [];
    }),
  );
}

function numberAttribute(value: number): MessageAttributeValue {
  return { DataType: 'Number', StringValue: String(value) };
}
