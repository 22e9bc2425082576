import {
  CreateTableCommand,
  type DynamoDBClient,
  QueryCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { createKnownItems, type KnownItem } from '../../../lambda/messages/known-items.ts';
import { type MessageEvent, statusOf } from '../../../lambda/messages/status-change.ts';
import { createMessages } from '../../../lambda/messages/store.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import type { Event, EventOf } from '../../../lambda/zavu/event.ts';
import { sample } from '../../../lambda/zavu/samples.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { DynamoDbOverProxy } from '../../support/dynamodb-over-proxy.ts';
import type { FaultyProxy } from '../../support/faulty-proxy.ts';
import { createMessagesTable } from '../../support/messages-table.ts';

/** The table's client against DynamoDB's emulator: what plain functions cannot show. */
const tableName = 'Messages';
const lines: string[] = [];
const context = {
  logger: createLogger({}, (line) => void lines.push(line)),
  signal: AbortSignal.timeout(60_000),
};

let dynamoDb: DynamoDbOverProxy;
let proxy: FaultyProxy;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamoDb = await DynamoDbOverProxy.start();
  ({ proxy, client } = dynamoDb);
  await createMessagesTable(client, tableName);
});
afterEach(() => {
  proxy.become('up');
  lines.length = 0;
});
afterAll(async () => {
  await dynamoDb.stop();
});

const now = 1_788_264_000_000;
const retentionSeconds = 86_400;
const table = (storeMessageContent = false, clock = () => now) =>
  createMessages({ client, tableName, retentionSeconds, storeMessageContent }, clock);

/** The items of a message or template, each of another owner. */
async function items(id: string): Promise<Record<string, unknown>[]> {
  const query = new QueryCommand({
    TableName: tableName,
    KeyConditionExpression: 'id = :id',
    ExpressionAttributeValues: marshall({ ':id': id }),
    ConsistentRead: true,
  });
  const { Items = [] } = await client.send(query);
  return Items.map((each) => unmarshall(each));
}

async function item(id: string): Promise<Record<string, unknown> | undefined> {
  const [only, ...others] = await items(id);
  expect(others).toEqual([]);
  return only;
}

/** Has DynamoDB itself refuse a write if its item matches. */
async function refusing(
  isRefused: (update: UpdateItemCommandInput) => boolean,
  act: () => Promise<void>,
): Promise<number> {
  let refusals = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        const input = call.input as UpdateItemCommandInput;
        if (commandName !== 'UpdateItemCommand' || !isRefused(input)) return next(call);
        refusals++;
        return next({
          ...call,
          input: {
            ...input,
            UpdateExpression: input.UpdateExpression?.replace('SET ', 'SET padding = :padding, '),
            ExpressionAttributeValues: {
              ...input.ExpressionAttributeValues,
              ':padding': { S: 'x'.repeat(409_600) },
            },
          },
        });
      },
    { step: 'initialize', name: 'makes an item too large' },
  );
  try {
    await act();
  } finally {
    client.middlewareStack.remove('makes an item too large');
  }
  return refusals;
}

const reasons = () =>
  lines.map((line) => JSON.parse(line)).map(({ message, reason }) => `${message} ${reason}`);

let count = 0;
function course(): { messageId: string; events: MessageEvent[] } {
  const messageId = `m${++count}`;
  const types = ['queued', 'sent', 'failed', 'delivered', 'read'] as const;
  const events = types.map((status, index) => ({
    id: `evt_${index}`,
    type: `message.${status}`,
    timestamp: now - 5 + index,
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
      owner: '#',
      status: 'read',
      channel: 'sms',
      ...Object.fromEntries(
        events.map(({ id, timestamp, data }) => [
          data.status,
          { at: timestamp, eventId: id, channel: 'sms' },
        ]),
      ),
      updatedAt: now - 1,
      expiresAt: now / 1000 - 1 + retentionSeconds,
      version: events.length,
    });
  }
});

test('a late event is added to the item that its refusal brings, or to the one that is read', async () => {
  const { messageId, events } = course();
  const calls: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        calls.push(commandName);
        return next(call);
      },
    { step: 'initialize', name: 'notes the calls' },
  );
  for (const event of events.toReversed().slice(0, 2)) await table().record(event, context);
  client.middlewareStack.remove('notes the calls');
  // dynalite brings none (docs/decisions/0008).
  const reads = Emulators.areSecond ? [] : ['GetItemCommand'];
  expect(calls).toEqual(['UpdateItemCommand', 'UpdateItemCommand', ...reads, 'UpdateItemCommand']);
  expect(await item(`message#${messageId}`)).toMatchObject({
    status: 'read',
    read: { eventId: 'evt_4' },
    delivered: { eventId: 'evt_3' },
    updatedAt: now - 1,
    version: 2,
  });
});

test('a table that is not there, or has another key, is no event that cannot be recorded', async () => {
  const [event] = course().events;
  if (!event) throw new Error('No event.');
  await client.send(
    new CreateTableCommand({
      TableName: 'Other',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (const tableName of ['None', 'Other']) {
    const messages = createMessages({ client, tableName, retentionSeconds, storeMessageContent: false });
    await expect(messages.record(event, context)).rejects.toThrow();
  }
  expect(reasons()).toEqual([]);
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
        if (commandName === 'UpdateItemCommand') proxy.become('lost answers');
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

test('the table is unavailable: it throws, so that the event is tried again', async () => {
  const [event] = course().events;
  if (!event) throw new Error('No event.');
  proxy.become('down');
  await expect(table().record(event, context)).rejects.toThrow();
});

function inbound(messageId: unknown, data: object = {}, timestamp = now): EventOf<'message.inbound'> {
  const event = { id: 'evt', type: 'message.inbound', timestamp, data: { messageId, from: '+1', ...data } };
  return event as EventOf<'message.inbound'>;
}

function rejected(templateId: unknown, data: object = {}, timestamp = now): EventOf<'template.rejected'> {
  const event = { id: 'evt', type: 'template.rejected', timestamp, data: { templateId, ...data } };
  return event as unknown as EventOf<'template.rejected'>;
}

test('content that an item cannot hold is left out', async () => {
  await table(true).record(inbound('long', { text: '👋'.repeat(90_000) }), context);
  expect(await item('message#long')).toEqual({
    id: 'message#long',
    owner: '#',
    status: 'received',
    received: { at: now, eventId: 'evt', contentLeftOut: true },
    updatedAt: now,
    expiresAt: now / 1000 + retentionSeconds,
    version: 1,
  });
  const short = inbound('short', { text: 'Hi', size: 2 ** 60 });
  await table(true).record(short, context);
  const { received } = Object(await item('message#short'));
  expect(JSON.parse(received.data)).toEqual(short.data);
});

test('the contents of many events do not outgrow an item', async () => {
  const { messageId, events } = course();
  for (const event of events) {
    await table(true).record(
      { ...event, data: { ...event.data, text: 'x'.repeat(200_000) } } as MessageEvent,
      context,
    );
  }
  const stored = Object(await item(`message#${messageId}`));
  expect(stored.status).toBe('read');
  const reports = events.map(({ type }) => stored[statusOf[type]]);
  expect(reports).toHaveLength(5);
  expect(reports.filter(({ contentLeftOut }) => !contentLeftOut)).toEqual([stored.read]);
});

test('a report of another sender leaves a message’s item as it is', async () => {
  const own = { ...inbound('owned'), projectId: 'prj_1', senderId: 'snd_1' };
  await table().record(own, context);
  const before = await items('message#owned');
  const { type: _type, ...rest } = own;
  const forged = {
    ...rest,
    type: 'message.read',
    senderId: 'snd_2',
    timestamp: Number.MAX_SAFE_INTEGER,
  } as MessageEvent;
  await table().record(forged, context);
  const { senderId: _senderId, ...unsaid } = own;
  await table().record(unsaid, context);

  const after = await items('message#owned');
  expect(after.map(({ owner, status }) => `${owner} ${status}`).sort()).toEqual([
    'prj_1# received',
    'prj_1#snd_1 received',
    'prj_1#snd_2 read',
  ]);
  expect(after).toContainEqual(before[0]);
});

test.each([
  [86_400_000, now, now / 1000 + retentionSeconds],
  [Number.MAX_VALUE, now, now / 1000 + retentionSeconds],
  [-6 * 365 * 86_400_000, now - 6 * 365 * 86_400_000, now / 1000],
])(
  'an event that is %d ms ahead keeps its item no longer than others',
  async (ahead, updatedAt, expiresAt) => {
    const messageId = `ahead${ahead}`;
    await table().record(inbound(messageId, {}, now + ahead), context);
    await table().record(rejected(messageId, {}, now + ahead), context);
    expect(await item(`message#${messageId}`)).toMatchObject({ updatedAt, expiresAt });
    expect(await item(`template#${messageId}`)).toMatchObject({ updatedAt, expiresAt });
  },
);

test('an item that DynamoDB refuses is written without content, or noted', async () => {
  const withContent = ({ ExpressionAttributeValues }: UpdateItemCommandInput) =>
    /Parcel/.test(JSON.stringify(ExpressionAttributeValues));
  const refusals = await refusing(withContent, async () => {
    await table(true).record(inbound('refused', { text: 'Parcel' }), context);
    await table(true).record(rejected('refused', { reason: 'Parcel' }), context);
  });
  // Each one twice: unseen, and when a read has shown that table and key are right.
  expect(refusals).toBe(4);
  expect(reasons()).toEqual([]);
  expect(await item('message#refused')).toMatchObject({
    status: 'received',
    received: { eventId: 'evt', contentLeftOut: true },
    version: 1,
  });
  expect(await item('template#refused')).toMatchObject({ status: 'rejected', version: 1 });

  expect(
    await refusing(
      () => true,
      async () => {
        await table(true).record(inbound('never', { text: 'Parcel' }), context);
        await table(true).record(rejected('never', { reason: 'Parcel' }), context);
      },
    ),
  ).toBe(6);
  expect(reasons()).toEqual(['message_not_recorded refused', 'template_not_recorded refused']);
  expect(await items('message#never')).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['no id', undefined, 'id_missing'],
  ['an id that is null', null, 'id_missing'],
  ['an id that is none', { id: 'm' }, 'id_malformed'],
  ['an id longer than a key', 'x'.repeat(2_001), 'id_too_long'],
])('%s: noted, and the event goes on', async (_what, id, reason) => {
  await table().record(inbound(id), context);
  await table().record(rejected(id), context);
  expect(reasons()).toEqual([`message_not_recorded ${reason}`, `template_not_recorded ${reason}`]);
});

test('the longest key that there is', async () => {
  const id = 'x'.repeat(2_000);
  const owner = { projectId: 'p'.repeat(256), senderId: '你'.repeat(256) };
  await table().record({ ...inbound(id), ...owner }, context);
  expect(await item(`message#${id}`)).toMatchObject({ ...owner, owner: expect.stringMatching(/^sha256:/) });
});

test('templates lie beside messages', async () => {
  const approved = {
    id: 'evt',
    type: 'template.approved',
    timestamp: 1,
    data: { templateId: 'tpl', name: 'offer', status: 'approved' },
  } satisfies EventOf<'template.approved'>;
  await table().record(approved, context);
  expect(await item('template#tpl')).toMatchObject({ status: 'approved', name: 'offer', version: 1 });
});

/** An event as Zavu sends it, with other data. */
function sampled(type: string, data: object, envelope: object = {}): Event {
  const { data: own, ...others } = JSON.parse(sample(type));
  return { ...others, ...envelope, data: { ...own, ...data } };
}

test.each([
  ['call.answered', 'callId', 'call', 'answered'],
  ['invitation.status_changed', 'invitationId', 'invitation', 'completed'],
  ['conversation.new', 'conversationId', 'conversation', 'new'],
  ['broadcast.status_changed', 'broadcastId', 'broadcast', 'sending'],
])('%s has an item by its %s', async (type, idName, kind, state) => {
  const event = sampled(type, { [idName]: `one_${kind}` });
  for (let time = 0; time < 2; time++) await table(true).record(event, context);
  const { id: eventId, projectId, senderId } = event;
  // No text and no address, though contents are stored.
  expect(await item(`${kind}#one_${kind}`)).toEqual({
    id: `${kind}#one_${kind}`,
    owner: `${projectId}#${senderId}`,
    status: state,
    projectId,
    senderId,
    reports: { [state]: { at: now, eventId } },
    updatedAt: now,
    eventId,
    expiresAt: now / 1000 + retentionSeconds,
    version: 1,
  });
  await table().record(sampled(type, { [idName]: null, firstMessageId: null }), context);
  expect(reasons()).toEqual([`${kind}_not_recorded id_missing`]);
});

test('an event without a state, or about nothing that has an item, leaves none', async () => {
  await table().record(sampled('broadcast.status_changed', { broadcastId: 'b', status: 'call me' }), context);
  await table().record(sampled('domain.failed', {}), context);
  expect(reasons()).toEqual(['broadcast_not_recorded state_malformed']);
  expect(await items('broadcast#b')).toEqual([]);
});

describe('what is known', () => {
  const known = () => createKnownItems({ client, tableName });
  const find = async (kind: Parameters<ReturnType<typeof known>['find']>[0], id: string) => {
    const found = await known().find(kind, id, 'prj_1');
    return found && { ...found, states: [...found.states].sort() };
  };
  const own = { projectId: 'prj_1', senderId: 'snd_1' };

  /** Records events of the table's past, in seconds before now, and says what is known then. */
  const after = async (
    kind: 'message' | 'call' | 'template' | 'broadcast',
    id: string,
    events: readonly [string, number, object, object?][],
  ) => {
    for (const [type, ago, owner, data] of events) {
      const envelope = { projectId: undefined, senderId: undefined, ...owner, timestamp: now - ago * 1000 };
      await table().record(sampled(type, { [`${kind}Id`]: id, ...data }, envelope), context);
    }
    return await find(kind, id);
  };
  type Known = Omit<KnownItem, 'states'> & { states: string[] };

  test.each<
    [
      string,
      'message' | 'call' | 'template' | 'broadcast',
      [string, number, object, object?][],
      Known | undefined,
    ]
  >([
    ['nothing', 'message', [], undefined],
    [
      'all states of a message, of which the highest counts',
      'message',
      [
        ['message.read', 3, own],
        ['message.sent', 1, own],
      ],
      { status: 'read', states: ['read', 'sent'], updatedAt: now - 1_000 },
    ],
    [
      'the items of all senders of a project, and of none',
      'message',
      [
        ['message.delivered', 3, own],
        ['message.sent', 2, { projectId: 'prj_1' }],
        ['message.queued', 1, {}],
      ],
      { status: 'delivered', states: ['delivered', 'queued', 'sent'], updatedAt: now - 1_000 },
    ],
    [
      'nothing that only another project says, but that it does',
      'message',
      [['message.read', 1, { projectId: 'prj_2' }]],
      { status: '', states: [], updatedAt: 0, isOthers: true },
    ],
    [
      'of a call, the highest state',
      'call',
      [
        ['call.completed', 2, own],
        ['call.initiated', 1, {}],
      ],
      { status: 'completed', states: ['completed', 'initiated'], updatedAt: now - 1_000 },
    ],
    [
      'of a template, the latest state',
      'template',
      [
        ['template.approved', 3, own],
        ['template.rejected', 2, { projectId: 'prj_1' }],
        ['template.status_changed', 4, {}, { status: 'pending' }],
      ],
      { status: 'rejected', states: ['approved', 'pending', 'rejected'], updatedAt: now - 2_000 },
    ],
    [
      'of a broadcast, the latest state, and those before',
      'broadcast',
      [
        ['broadcast.status_changed', 2, own, { status: 'completed' }],
        ['broadcast.status_changed', 3, own, { status: 'sending' }],
      ],
      { status: 'completed', states: ['completed', 'sending'], updatedAt: now - 2_000 },
    ],
  ])('%s', async (what, kind, events, expected) => {
    expect(await after(kind, what.replaceAll(' ', '_'), events)).toEqual(expected);
  });

  test('is not known while the table is unavailable', async () => {
    proxy.become('down');
    await expect(find('message', 'any')).rejects.toThrow();
  });
});
