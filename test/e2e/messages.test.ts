import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { LocalStack } from '../support/local-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

/** What the handlers that come with the stack keep of messages and templates. */
let stack: LocalStack;
let dynamoDb: DynamoDBClient;

beforeAll(async () => {
  stack = await LocalStack.start({ settings: { messageRetentionDays: '30' } });
  dynamoDb = new DynamoDBClient({
    endpoint: stack.ready.endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  dynamoDb.destroy();
  await stack.stop();
});

async function item(id: string): Promise<Record<string, unknown> | undefined> {
  const TableName = stack.ready.outputs.MessagesTableName;
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName, Key: marshall({ id }) }));
  return Item && unmarshall(Item);
}

let count = 0;
function event(type: string, timestamp: number, data: object) {
  return { ...inbound('', `evt_${timestamp}_${++count}`), type, timestamp, data };
}

/** Everything that Zavu says of a message which fell back from WhatsApp to SMS. */
function course(messageId: string) {
  const at = 1_788_264_000_000;
  const common = { messageId, to: '+56912345678', errorCode: null, errorMessage: null };
  return [
    event('message.queued', at, { ...common, channel: 'whatsapp', status: 'queued', templateId: 'tpl_1' }),
    event('message.sent', at + 1_000, { ...common, channel: 'whatsapp', status: 'sending' }),
    event('message.failed', at + 2_000, {
      ...common,
      channel: 'whatsapp',
      status: 'failed',
      errorCode: '131026',
      errorMessage: 'Message undeliverable to +56912345678',
    }),
    event('message.sent', at + 3_000, { ...common, channel: 'sms', status: 'sent' }),
    event('message.delivered', at + 9_000, { ...common, channel: 'sms', status: 'delivered' }),
  ];
}

test('a message’s item is the same, in whatever order and however often its events come', async () => {
  const courses = ['first', 'second', 'third', 'fourth'].map(course);
  const orders = courses.map((events, index) => [
    ...(index % 2 ? events : events.toReversed()),
    ...events.slice(index),
  ]);
  await Promise.all(orders.flat().map((each) => deliver(stack, each)));
  for (const { id } of courses.flat()) await stack.until(id, ['handled']);

  const items = await Promise.all(['first', 'second', 'third', 'fourth'].map((id) => item(`message#${id}`)));
  for (const [index, events] of courses.entries()) {
    const [queued, sent, failed, , delivered] = events.map(({ id: eventId, timestamp: at }) => ({
      projectId: 'prj_1',
      eventId,
      at,
    }));
    const expected = {
      status: 'delivered',
      channel: 'sms',
      projectId: 'prj_1',
      reports: {
        queued: { ...queued, channel: 'whatsapp', templateId: 'tpl_1' },
        sent: { ...sent, channel: 'whatsapp' },
        failed: { ...failed, channel: 'whatsapp', errorCode: '131026' },
        delivered: { ...delivered, channel: 'sms' },
      },
      updatedAt: 1_788_264_009_000,
      expiresAt: 1_788_264_009 + 30 * 86_400,
    };
    expect(items[index]).toMatchObject(expected);
  }
  expect(JSON.stringify(items)).not.toContain('+56912345678');
});

test('messages from customers and templates have their items, too', async () => {
  const message = inbound('Where is my parcel?');
  const { messageId } = message.data;
  const late = event('template.approved', 1, { templateId: 'tpl_1', name: 'order', status: 'approved' });
  const template = event('template.status_changed', 2, { templateId: 'tpl_1', status: 'rejected' });
  for (const each of [message, template, late]) await deliver(stack, each);
  for (const { id } of [message, template, late]) await stack.until(id, ['handled']);

  const kept = await item(`message#${messageId}`);
  expect(kept).toMatchObject({ status: 'received', channel: 'whatsapp' });
  expect(JSON.stringify(kept)).not.toMatch(/parcel|\+/);
  expect(await item('template#tpl_1')).toMatchObject({ status: 'rejected', updatedAt: 2 });
});

test('an event whose data drifted reaches its handler, and the log says where it differs', async () => {
  const data = { messageId: 'drifted', to: { phone: '+56912345678' }, channel: 'sms', status: 'sent' };
  const drifted = event('message.sent', 3, data);
  await deliver(stack, drifted);
  await stack.until(drifted.id, ['handled']);
  const lines = stack.reports.flatMap(({ line = '' }) =>
    line.includes(drifted.id) ? [JSON.parse(line)] : [],
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'drift', type: 'message.sent', path: 'to', id: drifted.id }),
  );
  expect(JSON.stringify(lines)).not.toContain('+569');
  expect(await item('message#drifted')).toMatchObject({ status: 'sent' });
});

test('whatever an event holds, it is handled, and its log lines are short and hold no text', async () => {
  const text = 'call me at home, please';
  const failed = { messageId: 'odd', to: null, channel: 'sms', status: 'failed' };
  const call = { callId: 'c', direction: 'inbound', from: null, to: null, status: text };
  const odd = [
    event('message.failed', 4, { ...failed, errorCode: 21610, errorMessage: text }),
    event('message.failed', 5, { ...failed, errorCode: { code: 30003, message: text }, channel: [text] }),
    event('message.inbound', 6, { messageId: 'odd_in', from: null, text: '“ＳＴＯＰ”\u200b' }),
    event('message.inbound', 7, {
      messageId: 'odd_in',
      from: 'f',
      content: { contacts: Array(120_000).fill(1) },
    }),
    event('call.failed', 8, { ...call, endReason: `${text} `.repeat(5_000), durationSeconds: '12' }),
    event('call.failed', 9, { ...call, callId: 'c'.repeat(100_000), status: '\u001b[2J' }),
  ];
  for (const each of odd) await deliver(stack, each);
  for (const { id } of odd) await stack.until(id, ['handled']);

  const lines = stack.reports.flatMap(({ line = '' }) =>
    odd.some(({ id }) => line.includes(id)) ? [line] : [],
  );
  const said = (index: number, message: string) =>
    lines
      .map((line) => JSON.parse(line))
      .find((each) => each.id === odd[index]?.id && each.message === message);
  expect(said(0, 'message_failed')).toMatchObject({
    errorCode: '21610',
    reason: 'opted_out',
    intent: 'stop_sending',
  });
  expect(said(0, 'drift')).toMatchObject({ path: 'errorCode' });
  expect(said(1, 'message_failed')).toMatchObject({
    errorCode: '(object)',
    channel: '(object)',
    reason: 'unknown',
    intent: 'unknown',
  });
  expect(said(2, 'message_inbound')).toMatchObject({ intent: 'opt_out' });
  expect(said(2, 'drift')).toBeUndefined();
  expect(said(3, 'drift')).toMatchObject({ path: '(too large to compare)' });
  expect(said(4, 'call')).toMatchObject({ callId: 'c', state: '(text)', reason: '(text)' });
  expect(said(5, 'call')).toMatchObject({ callId: `${'c'.repeat(200)}...`, state: '(text)' });
  for (const line of lines) expect(line.length).toBeLessThan(8_192);
  expect(lines.join()).not.toContain('call me');
});
