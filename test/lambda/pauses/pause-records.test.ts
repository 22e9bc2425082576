import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Pause } from '../../../lambda/pauses/pause.ts';
import { PauseRecords } from '../../../lambda/pauses/pause-records.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { createIdempotencyTable } from '../../support/idempotency-table.ts';

const TableName = 'Idempotency';
const pause = { since: 1_788_264_000_000, until: 1_788_271_200_000 };

let emulators: Emulators;
let client: DynamoDBClient;
let records: PauseRecords;

beforeAll(async () => {
  emulators = await Emulators.start();
  client = new DynamoDBClient({
    endpoint: emulators.endpoints.dynamodb,
    region: 'us-east-1',
    credentials: anyCredentials,
  });
  records = new PauseRecords(client, TableName);
  await createIdempotencyTable(client, TableName);
});
afterAll(async () => {
  client.destroy();
  await emulators.stop();
});

test('a pause is found as long as it lasts, and is of one worker alone', async () => {
  await records.put('inbound', pause);
  expect(await records.find('inbound')).toEqual(pause);
  expect(await records.find('delivery')).toBeUndefined();
});

test('a pause that has ended is none, but stays recorded, until a new one takes its place', async () => {
  const ended: Pause = { ...pause, hasEnded: true, drained: pause.until };
  await records.put('inbound', ended);
  expect(await records.find('inbound')).toBeUndefined();
  expect(await records.latest('inbound')).toEqual(ended);
  await records.put('inbound', pause);
  expect(await records.latest('inbound')).toEqual(pause);
});

test('a pause that was changed meanwhile is neither replaced nor removed', async () => {
  const longer = { ...pause, until: pause.until + 1 };
  await records.put('inbound', longer);
  for (const by of [undefined, { ...pause, until: 1 }]) {
    expect(await records.replace('inbound', pause, by)).toBe(false);
    expect(await records.latest('inbound')).toEqual(longer);
  }
  const ended: Pause = { ...longer, hasEnded: true };
  expect(await records.replace('inbound', longer, ended)).toBe(true);
  expect(await records.latest('inbound')).toEqual(ended);
  expect(await records.replace('inbound', ended)).toBe(true);
  expect(await records.latest('inbound')).toBeUndefined();
  expect(await records.replace('inbound', ended)).toBe(false);
});

test.each([{}, { until: { S: 'tomorrow' } }])(
  'an unreadable pause can be replaced, unless it has become readable: %j',
  async (item) => {
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'zavu-pause#inbound' }, ...item } }));
    const found = await records.latest('inbound');
    expect(found).toEqual({ since: Number.NaN, until: Number.NaN });
    if (!found) throw new Error('no pause');
    expect(await records.replace('inbound', found, pause)).toBe(true);
    expect(await records.replace('inbound', found)).toBe(false);
    expect(await records.latest('inbound')).toEqual(pause);
  },
);
