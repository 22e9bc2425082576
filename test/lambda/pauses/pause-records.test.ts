import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PauseRecords } from '../../../lambda/pauses/pause-records.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { anyCredentials } from '../../support/credentials.ts';

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
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(async () => {
  client.destroy();
  await emulators.stop();
});

test('a pause is found, as long as nobody removes it, and is of one worker alone', async () => {
  await records.put('inbound', pause);
  expect(await records.find('inbound')).toEqual(pause);
  expect(await records.find('delivery')).toBeUndefined();
  await records.remove('inbound');
  expect(await records.find('inbound')).toBeUndefined();
  await records.remove('inbound');
});

test('a pause that was made longer meanwhile is not removed as one that is over', async () => {
  const longer = { ...pause, until: pause.until + 1 };
  await records.put('inbound', longer);
  await records.removeOver('inbound', pause);
  expect(await records.find('inbound')).toEqual(longer);
  await records.removeOver('inbound', longer);
  expect(await records.find('inbound')).toBeUndefined();
});
