import type { SQSRecord } from 'aws-lambda';

/** What may be said of a message beside its body. */
interface RecordFacts {
  messageId?: string;
  receives?: number;
  /** Its message attributes, all of them texts. */
  attributes?: Readonly<Record<string, string>>;
}

/** A message of a queue that was sent just now, as Lambda hands it to a worker: at its first receive by default. */
export function queueRecord(
  body: string,
  { messageId = 'message_1', receives = 1, attributes = {} }: RecordFacts = {},
): SQSRecord {
  const now = String(Date.now());
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: now,
      ApproximateFirstReceiveTimestamp: now,
      SenderId: 'sender_1',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Queue',
    awsRegion: 'us-east-1',
  };
}
