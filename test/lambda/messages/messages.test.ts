import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { EventOf } from '../../../lambda/event.ts';
import type { MessageEvent } from '../../../lambda/messages/message.ts';
import { createMessages } from '../../../lambda/messages/messages.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { FaultyProxy } from '../../support/proxy.ts';

/** The table's client against DynamoDB's emulator: what plain functions cannot show. */
const tableName = 'Messages';
const lines: string[] = [];
const context = {
  logger: createLogger({}, (line) => void lines.push(line)),
  signal: AbortSignal.timeout(60_000),
};

let emulators: Emulators;
let proxy: FaultyProxy;
let client: DynamoDBClient;

beforeAll(async () => {
  emulators = await Emulators.start();
  proxy = await FaultyProxy.start(emulators.endpoints.dynamodb);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: proxy.endpoint, region: 'us-east-1', credentials, maxAttempts: 2 });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterEach(() => proxy.become('up'));
afterAll(async () => {
  client.destroy();
  await proxy.stop();
  await emulators.stop();
});

const table = (storeContent = false) =>
  createMessages({ client, tableName, retentionSeconds: 86_400, storeContent });

async function item(id: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: marshall({ id }) }));
  return Item && unmarshall(Item);
}

let count = 0;
function course(): { messageId: string; events: MessageEvent[] } {
  const messageId = `m${++count}`;
  const types = ['queued', 'sent', 'failed', 'delivered', 'read'] as const;
  const events = types.map((status, index) => ({
    id: `evt_${index}`,
    type: `message.${status}`,
    timestamp: 1_788_264_000_000 + index,
    data: { messageId, to: '+56912345678', channel: 'sms', status },
  }));
  return { messageId, events: events as MessageEvent[] };
}

test('workers that record at once agree, whoever comes last', async () => {
  const courses = Array.from({ length: 20 }, course);
  await Promise.all(
    courses.flatMap(({ events }) =>
      [events, events.toReversed(), events].flatMap((order) =>
        order.map((event) => table().record(event, context)),
      ),
    ),
  );
  for (const { messageId, events } of courses) {
    expect(await item(`message#${messageId}`)).toEqual({
      id: `message#${messageId}`,
      status: 'read',
      channel: 'sms',
      reports: Object.fromEntries(
        events.map(({ id, timestamp, data }) => [
          data.status,
          { at: timestamp, eventId: id, channel: 'sms' },
        ]),
      ),
      updatedAt: 1_788_264_000_004,
      expiresAt: 1_788_264_000 + 86_400,
      version: events.length,
    });
  }
});

test('what changes nothing is not written', async () => {
  const { messageId, events } = course();
  for (const event of [...events, ...events]) await table().record(event, context);
  expect(await item(`message#${messageId}`)).toMatchObject({ version: events.length });
});

test('a write whose answer was lost is done once', async () => {
  const { messageId, events } = course();
  const [event] = events;
  if (!event) throw new Error('No event.');
  client.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName === 'PutItemCommand') proxy.become('lost answers');
        return next(call);
      },
    { step: 'initialize', name: 'loses the answer to a write' },
  );
  await expect(table().record(event, context)).rejects.toThrow();
  client.middlewareStack.remove('loses the answer to a write');
  proxy.become('up');
  await table().record(event, context);
  expect(await item(`message#${messageId}`)).toMatchObject({ status: 'queued', version: 1 });
});

test('the table out of reach: it throws, so that the event is tried again', async () => {
  const [event] = course().events;
  if (!event) throw new Error('No event.');
  proxy.become('down');
  await expect(table().record(event, context)).rejects.toThrow();
});

test('content that an item cannot hold is left out', async () => {
  const long = { messageId: 'long', from: '+1', text: '👋'.repeat(60_000) };
  const inbound = {
    id: 'evt',
    type: 'message.inbound',
    timestamp: 1,
    data: long,
  } as EventOf<'message.inbound'>;
  await table(true).record(inbound, context);
  expect(await item('message#long')).toEqual({
    id: 'message#long',
    status: 'received',
    reports: { received: { at: 1, eventId: 'evt' } },
    updatedAt: 1,
    expiresAt: 86_400,
    version: 1,
  });
  const short = { ...inbound, data: { ...long, messageId: 'short', text: 'Hi', size: 2 ** 60 } };
  await table(true).record(short, context);
  const { reports } = Object(await item('message#short'));
  expect(JSON.parse(reports.received.data)).toEqual(short.data);
});

test.each<[string, object, number?]>([
  ['no id', {}],
  ['an id that is none', { messageId: 7, templateId: null }],
  ['an id longer than a key', { messageId: 'x'.repeat(2_001), templateId: 'x'.repeat(2_001) }],
  ['no time that can be compared', { messageId: 'm', templateId: 't' }, 1e300],
])('%s: noted, and the event goes on', async (_what, data, timestamp = 1) => {
  lines.length = 0;
  const event = { id: 'evt', type: 'message.sent', timestamp, data } as MessageEvent;
  await table().record(event, context);
  const template = { ...event, type: 'template.approved' } as unknown as EventOf<'template.approved'>;
  await table().recordTemplate(template, context);
  expect(lines.map((line) => JSON.parse(line).message)).toEqual([
    'message_not_recorded',
    'template_not_recorded',
  ]);
});

test('templates lie beside messages', async () => {
  const approved = {
    id: 'evt',
    type: 'template.approved',
    timestamp: 1,
    data: { templateId: 'tpl', name: 'offer', status: 'approved' },
  } satisfies EventOf<'template.approved'>;
  await table().recordTemplate(approved, context);
  expect(await item('template#tpl')).toMatchObject({ status: 'approved', name: 'offer', version: 1 });
});
