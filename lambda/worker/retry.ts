import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { replayAttribute, replayOf } from './replay.ts';

/** Why an event rests in the dead-letter queue. */
export type SetAsideReason =
  | 'permanent_failure'
  | 'attempts_exhausted'
  | 'no_handler'
  | 'unreadable_message'
  /** Handled, and to be published still. */
  | 'not_published';

export interface Retry {
  /** How often an event is tried before it is set aside. */
  readonly maxAttempts: number;
  /** Seconds to wait after an attempt, the first being 1. */
  delayAfter(attempt: number): number;
  /** Hides a message for a while. It stays in its queue as long as its record is reported as failed. */
  backOff(record: SQSRecord, seconds: number): Promise<void>;
  /** Copies a message to the dead-letter queue with the reason. Its record may be deleted afterwards. */
  setAside(record: SQSRecord, attempt: number, reason: SetAsideReason, error: unknown): Promise<void>;
}

export interface RetrySettings {
  sqs: SQSClient;
  queueUrl: string;
  deadLetterQueueUrl: string;
  /** Waits between attempts, in seconds: one attempt more than there are waits. */
  delaysSeconds: readonly number[];
  /** Version of the code that failed, for whoever reads the dead letter. */
  codeVersion: string;
}

/**
 * Creates the retry policy of a worker. SQS retries at a fixed pace; this backs off by the attempt, and sets
 * aside with the reason what SQS would move without a word. SQS's own redrive stays as the net beneath.
 */
export function createRetry(settings: RetrySettings): Retry {
  const { sqs, queueUrl, deadLetterQueueUrl, delaysSeconds, codeVersion } = settings;
  return {
    maxAttempts: delaysSeconds.length + 1,
    delayAfter: (attempt) => delaysSeconds[attempt - 1] ?? delaysSeconds.at(-1) ?? 0,
    async backOff(record, seconds) {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
    async setAside(record, attempt, reason, error) {
      const replay = replayOf(record);
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: record.body,
          MessageAttributes: {
            reason: text(reason),
            error: text(summary(error)),
            attempts: { DataType: 'Number', StringValue: String(attempt) },
            codeVersion: text(codeVersion),
            failedAt: text(new Date().toISOString()),
            // Redriven, it belongs to its replay still.
            ...(replay ? { [replayAttribute]: text(replay) } : {}),
          },
        }),
      );
    },
  };
}

/** An error in one line, in characters that SQS takes: a dead letter must not fail on its own label. */
function summary(error: unknown): string {
  const line = error instanceof Error ? `${error.name}: ${error.message}` : String(error ?? 'none');
  return line.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 1000) || 'none';
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
