import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { createLogsApi } from '../../../../local/aws/logs/api.ts';
import { LogStore } from '../../../../local/aws/logs/log-store.ts';
import { anyCredentials } from '../../../support/credentials.ts';

let now = 0;
const store = new LogStore(() => now);
const server = createLogsApi(store);
let client: CloudWatchLogsClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new CloudWatchLogsClient({
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

async function filtered(logGroupName: string, rest: object = {}): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, ...rest }))
    found.push(...events.map(({ message }) => message));
  return found;
}

test('FilterLogEvents gives the lines of one group that match the pattern and the time, page after page', async () => {
  const line = (id: string) => JSON.stringify({ id });
  for (const [at, id] of [
    [10, 'evt_1'],
    [20, 'evt_2'],
    [30, 'evt_1'],
    [40, 'evt_1'],
    [50, 'evt_1'],
  ] as const) {
    now = at;
    store.add({ logGroup: 'one', text: line(id) });
  }
  store.add({ logGroup: 'other', text: line('evt_1') });
  store.add({ logGroup: 'one', text: 'START RequestId' });
  const pattern = { filterPattern: '{ $.id = "evt_1" }' };
  expect(await filtered('one', pattern)).toHaveLength(4);
  expect(await filtered('one', { ...pattern, startTime: 30, endTime: 40, limit: 1 })).toHaveLength(2);
  expect(await filtered('one', { filterPattern: '{ $.id = "*_2" }' })).toEqual([line('evt_2')]);
  expect(await filtered('none')).toEqual([]);
});

test('a pattern that cannot be read is an error of AWS', async () => {
  await expect(filtered('one', { filterPattern: 'evt_1' })).rejects.toThrow('an opening brace');
});

test('the store keeps the latest lines of each group', () => {
  for (let index = 0; index < 10_005; index++) store.add({ logGroup: 'long', text: String(index) });
  expect(store.linesOf('long')).toHaveLength(10_000);
  expect(store.linesOf('long')[0]?.text).toBe('5');
  for (let index = 0; index < 20; index++) store.add({ logGroup: 'wide', text: 'a'.repeat(1_000_000) });
  expect(store.linesOf('wide')).toHaveLength(16);
});
