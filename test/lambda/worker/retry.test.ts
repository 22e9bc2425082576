import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import {
  encodingAttribute,
  lastingAttributes,
  receivedAtAttribute,
  reconciledAttribute,
  replayAttribute,
} from '../../../lambda/queued-event/attributes.ts';
import { createRetry } from '../../../lambda/worker/retry.ts';
import { anyCredentials } from '../../support/credentials.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const maxAttributes = 10;

/** What a message can have together: an event that was rebuilt names its time, and no archive has it. */
const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['of the receiver, or of a forced replay', [replayAttribute, encodingAttribute, receivedAtAttribute]],
  ['of a rebuilt event', [encodingAttribute, reconciledAttribute]],
];

test('every attribute that lasts is one of a kind of message', () => {
  expect(new Set(kinds.flatMap(([, names]) => names))).toEqual(new Set(lastingAttributes));
});

test.each(kinds)('a dead letter %s has no more attributes than SQS takes', async (_, names) => {
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
    messageAttributes: Object.fromEntries(names.map((name) => [name, text])),
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
    expect.arrayContaining([...names, 'reason', 'error', 'place', 'attempts', 'receives']),
  );
  expect(Object.keys(sent).length).toBeLessThanOrEqual(maxAttributes);
});
