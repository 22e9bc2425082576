import { createHmac, timingSafeEqual } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';

/**
 * The receiver as it is written in a morning: the SDK's clients, Powertools for logs and metrics, zod, and bundled
 * as `NodejsFunction` does by default. It verifies one scheme.
 */
const logger = new Logger({ serviceName: 'receiver' });
const metrics = new Metrics({ namespace: 'Zavu', serviceName: 'receiver' });
const sqs = new SQSClient({});
const secretsManager = new SecretsManagerClient({});
const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  timestamp: z.number(),
  data: z.looseObject({}),
});
let secret: string | undefined;

export async function handler({ headers, body = '' }: { headers: Record<string, string>; body?: string }) {
  secret ??= (
    await secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ID }))
  ).SecretString;
  const [, time = '', mac = ''] = /^t=(\d+),v2=([0-9a-f]{64})$/.exec(headers['x-zavu-signature'] ?? '') ?? [];
  const expected = createHmac('sha256', secret ?? '')
    .update(`${time}.${body}`)
    .digest();
  const signed = Buffer.from(mac, 'hex');
  if (signed.length !== expected.length || !timingSafeEqual(signed, expected)) return { statusCode: 401 };
  const event = eventSchema.parse(JSON.parse(body));
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));
  logger.info('webhook', { id: event.id, type: event.type });
  metrics.addMetric('Received', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode: 200, body: JSON.stringify({ received: true, id: event.id }) };
}
