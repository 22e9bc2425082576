import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CloudWatchClient,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { createCloudWatchApi } from '../../../../local/aws/cloudwatch/api.ts';
import type { CloudWatch } from '../../../../local/aws/cloudwatch/cloudwatch.ts';
import { startCloudWatch } from '../../../support/cloudwatch.ts';
import { anyCredentials } from '../../../support/credentials.ts';

let deployed: CloudWatch | undefined;
const server = createCloudWatchApi(() => deployed);
let client: CloudWatchClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new CloudWatchClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: anyCredentials,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  deployed = startCloudWatch({}).cloudwatch;
});

function record(namespace: string, name: string, dimensions: Record<string, string> = {}): void {
  deployed?.record({ namespace, name, dimensions }, 1);
}

test('metrics are listed by namespace, name and dimensions', async () => {
  record('AWS/SQS', 'Sent', { QueueName: 'a' });
  record('AWS/SQS', 'Sent', { QueueName: 'b' });
  record('AWS/SQS', 'Received', { QueueName: 'a' });
  record('AWS/Lambda', 'Errors', { FunctionName: 'a', Resource: 'a:live' });
  const list = async (filter: ListMetricsCommandInput) => {
    const { Metrics = [] } = await client.send(new ListMetricsCommand(filter));
    return Metrics.map(({ MetricName, Dimensions = [] }) =>
      [MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join(' '),
    );
  };
  expect(await list({})).toHaveLength(4);
  expect(await list({ Namespace: 'AWS/SQS', MetricName: 'Sent' })).toEqual([
    'Sent QueueName=a',
    'Sent QueueName=b',
  ]);
  expect(await list({ Dimensions: [{ Name: 'QueueName', Value: 'a' }] })).toEqual([
    'Sent QueueName=a',
    'Received QueueName=a',
  ]);
  expect(await list({ Dimensions: [{ Name: 'Resource' }] })).toEqual([
    'Errors FunctionName=a Resource=a:live',
  ]);
  expect(await list({ Namespace: 'AWS/SNS' })).toEqual([]);
});

test('metrics come in pages', async () => {
  for (let number = 0; number < 1_001; number++) record('Mine', 'Count', { Number: String(number) });
  const pages: number[] = [];
  const seen = new Set<string | undefined>();
  for await (const { Metrics = [] } of paginateListMetrics({ client }, {})) {
    pages.push(Metrics.length);
    for (const { Dimensions } of Metrics) seen.add(Dimensions?.[0]?.Value);
  }
  expect(pages).toEqual([500, 500, 1]);
  expect(seen.size).toBe(1_001);
});

test('before the first deployment there is no metric', async () => {
  deployed = undefined;
  expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
});
