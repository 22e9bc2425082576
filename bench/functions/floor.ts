import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:https';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * The least that a receiver could be with Node's HTTP client: one HMAC, and one POST as large as a signed SendMessage. It
 * trusts anybody, reads no secret and knows no event.
 */
const agent = new Agent({ keepAlive: true });
const endpoint = new URL(process.env.UNROUTED_QUEUE_URL ?? '');
const authorization = `AWS4-HMAC-SHA256 ${'x'.repeat(220)}`;

export async function handler(event: Pick<APIGatewayProxyEventV2, 'body'>) {
  const body = event.body ?? '';
  createHmac('sha256', 'secret').update(body).digest('hex');
  const status = await post(
    JSON.stringify({ QueueUrl: endpoint.href, MessageBody: body, MessageGroupId: 'p' }),
  );
  return { statusCode: status, body: '{"received":true}' };
}

function post(body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': 'AmazonSQS.SendMessage',
      'x-amz-date': '20260101T000000Z',
      'x-amz-security-token': 'x'.repeat(700),
      authorization,
    };
    request(endpoint, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end(body);
  });
}
