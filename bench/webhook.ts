import { randomBytes } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Request } from '../lambda/receiver/handler.ts';
import { sign } from '../lambda/zavu/sign.ts';
import { signatureHeader } from '../lambda/zavu/signature.ts';

/** Whatever signs in the benchmark signs with this. */
export const secret = 'whsec_of_the_benchmark';

/** The JSON of an inbound message with an id of its own, of about 500 bytes as most are. */
export function inboundBody(): string {
  const suffix = randomBytes(6).toString('hex');
  return JSON.stringify({
    id: `evt_${Date.now()}_${suffix}`,
    type: 'message.inbound',
    timestamp: Date.now(),
    senderId: 'jx7abc123def456',
    projectId: 'jx7xyz789ghi012',
    data: {
      messageId: `jd7${suffix}`,
      from: '+56912345678',
      to: '+14155551234',
      channel: 'whatsapp',
      messageType: 'text',
      text: 'Hola, quisiera saber si mi pedido ya fue despachado y cuando llega. Muchas gracias. '.repeat(2),
      conversationId: 'kd7conv123',
      profileName: 'Maria',
    },
  });
}

/** What API Gateway gives the receiver. */
export function webhookOf(body: string): Request {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Zavu-Webhook/1.0',
    'x-zavu-event': 'message.inbound',
    [signatureHeader]: sign(body, secret, 'v2', Math.floor(Date.now() / 1000)),
  };
  return { headers, body, isBase64Encoded: false };
}

/** Whether a receiver has taken what it was given. */
export function isTaken(result: unknown): boolean {
  return Object(result).statusCode === 200;
}

/** What the event source gives a worker. */
export function batchOf(bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map(recordOf) };
}

/** Whether a worker has handled all that it was given. */
export function isHandled(result: unknown): boolean {
  return Object(result).batchItemFailures?.length === 0;
}

function recordOf(body: string): SQSRecord {
  return {
    messageId: randomBytes(16).toString('hex'),
    receiptHandle: 'receipt',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now()),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  };
}
