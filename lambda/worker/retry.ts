import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { lastingAttributes, textAttributes } from '../queued-event/attributes.ts';
import type { Limits } from './retry-decision.ts';

/** Why an event rests in the dead-letter queue. */
export type DeadLetterReason =
  | 'permanent_failure'
  /** Its handler threw at each attempt. */
  | 'attempts_exhausted'
  /** Its function died in the last attempt, or was killed at its time-out. */
  | 'function_died'
  | 'timed_out'
  /** Its receives, or its time in the queue, were used up before its attempts were. */
  | 'throttled'
  /** It could not be claimed until then; it may have been handled for a copy. */
  | 'claim_unavailable'
  | 'no_handler'
  | 'malformed_message'
  /** Handled, and to be published still. */
  | 'not_published';

/** What is told of an event that becomes a dead letter. */
export interface DeadLetterNote {
  reason: DeadLetterReason;
  /** What was thrown last, in one line. */
  error: string;
  /** How often it was run; undefined where that could not be read. */
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
  sqs: SQSClient;
  queueUrl: string;
  deadLetterQueueUrl: string;
  limits: Limits;
  /** Version of the code that failed, for whoever reads the dead letter. */
  codeVersion: string;
}

/**
 * Creates the retry policy of a worker. SQS retries at a fixed pace; this backs off by the attempt, and sets
 * aside with the reason what SQS would move without a word. SQS's own redrive stays as the net beneath.
 */
export function createRetry(settings: RetrySettings): Retry {
  const { sqs, queueUrl, deadLetterQueueUrl, limits, codeVersion } = settings;
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
    async deadLetter(record, { reason, error, attempts }) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: record.body,
          MessageAttributes: {
            ...textAttributes({ reason, error, codeVersion, failedAt: new Date().toISOString() }),
            ...(attempts === undefined ? {} : { attempts: number(attempts) }),
            receives: number(Number(record.attributes.ApproximateReceiveCount)),
            ...lasting(record),
          },
        }),
      );
    },
  };
}

/** What its worker must read again when it is redriven. */
function lasting({ messageAttributes }: SQSRecord): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    lastingAttributes.flatMap((name) => {
      const { dataType, stringValue } = messageAttributes[name] ?? {};
      return stringValue ? [[name, { DataType: dataType, StringValue: stringValue }]] : [];
    }),
  );
}

function number(value: number): MessageAttributeValue {
  return { DataType: 'Number', StringValue: String(value) };
}
