import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { lastingAttributes } from '../../../lambda/queued-event/attributes.ts';
import { createRetry } from '../../../lambda/worker/retry.ts';
import { anyCredentials } from '../../support/credentials.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const maxAttributes = 10;

test('a dead letter with all that it can carry has no more attributes than SQS takes', async () => {
  const sqs = new SQSClient({ region: 'us-east-1', credentials: anyCredentials, md5: false });
  let sent: object = {};
  // Before it is sent.
  sqs.middlewareStack.add(
    () => async (args) => {
      sent = Object(args.input).MessageAttributes;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: 'initialize', priority: 'low' },
  );
  const text = { stringValue: 'any', dataType: 'String' };
  const record: SQSRecord = {
    messageId: '1',
    receiptHandle: '1',
    body: '{}',
    attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: '0',
      SenderId: 'any',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: Object.fromEntries(lastingAttributes.map((name) => [name, text])),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Queue',
    awsRegion: 'us-east-1',
  };
  const retry = createRetry({
    sqs,
    queueUrl: 'http://127.0.0.1/000000000000/Queue',
    deadLetterQueueUrl: 'http://127.0.0.1/000000000000/DeadLetters',
    limits: { delaysSeconds: [1], maxReceives: 10, maxAgeSeconds: 60, maxPauseSeconds: 60 },
    codeVersion: 'abc',
  });
  await retry.deadLetter(record, {
    reason: 'permanent_failure',
    error: 'Error: any',
    place: 'a.mjs:1:2',
    attempts: 5,
  });
  expect(Object.keys(sent)).toEqual(
    expect.arrayContaining([...lastingAttributes, 'reason', 'error', 'place', 'attempts', 'receives']),
  );
  expect(Object.keys(sent).length).toBeLessThanOrEqual(maxAttributes);
});
