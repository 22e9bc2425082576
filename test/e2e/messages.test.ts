import { eventually } from '../support/eventually.ts';
import { messageItems } from '../support/message-items.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';
import { type Order, orders } from './orders.ts';

/** What workers store of messages and templates. */
let stack: StartedStack;
let withContent: StartedStack;

const retentionDays = 30;
const retentionSeconds = retentionDays * 86_400;

beforeAll(async () => {
  stack = await StartedStack.start({ settings: { messageRetentionDays: String(retentionDays) } });
  withContent = await StartedStack.start({ settings: { storeMessageContent: 'true' } });
});
afterAll(async () => {
  await stack?.stop();
  await withContent?.stop();
});

async function item(id: string, of = stack): Promise<Record<string, unknown> | undefined> {
  const [only, ...others] = await messageItems(id, of);
  expect(others).toEqual([]);
  return only;
}

/** When it all began: an hour ago, in milliseconds of whole seconds. */
const at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;

let count = 0;
function event(type: string, timestamp: number, data: object) {
  return { ...inbound('', `evt_${timestamp}_${++count}`), type, timestamp, data };
}

/** What the functions logged of an event. */
function linesOf(id: string): unknown[] {
  return stack.reports.flatMap(({ line = '' }) => (line.includes(id) ? [JSON.parse(line)] : []));
}

/** Everything that Zavu says of a message which fell back from WhatsApp to SMS. */
function course(messageId: string) {
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

  const kept = await Promise.all(['first', 'second', 'third', 'fourth'].map((id) => item(`message#${id}`)));
  for (const [index, events] of courses.entries()) {
    const [queued, sent, failed, , delivered] = events.map(({ id, timestamp }) => ({
      eventId: id,
      at: timestamp,
    }));
    const expected = {
      owner: 'prj_1#',
      status: 'delivered',
      channel: 'sms',
      projectId: 'prj_1',
      queued: { ...queued, channel: 'whatsapp', templateId: 'tpl_1' },
      sent: { ...sent, channel: 'whatsapp' },
      failed: { ...failed, channel: 'whatsapp', errorCode: '131026' },
      delivered: { ...delivered, channel: 'sms' },
      updatedAt: at + 9_000,
      expiresAt: at / 1000 + 9 + retentionSeconds,
    };
    expect(kept[index]).toMatchObject(expected);
  }
  expect(JSON.stringify(kept)).not.toContain('+56912345678');
});

test('a message from a customer has an item without its text, and a template one with its latest status', async () => {
  const message = inbound('Where is my parcel?');
  const { messageId } = message.data;
  const late = event('template.approved', at, { templateId: 'tpl_1', name: 'order', status: 'approved' });
  const template = event('template.status_changed', at + 1, { templateId: 'tpl_1', status: 'rejected' });
  for (const each of [message, template, late]) await deliver(stack, each);
  for (const { id } of [message, template, late]) await stack.until(id, ['handled']);

  const kept = await item(`message#${messageId}`);
  expect(kept).toMatchObject({ status: 'received', channel: 'whatsapp' });
  expect(JSON.stringify(kept)).not.toMatch(/parcel|\+/);
  expect(await item('template#tpl_1')).toMatchObject({ status: 'rejected', updatedAt: at + 1 });
});

test.each<[string, Order, 'handled' | 'dead_lettered']>([
  ['changes its event', orders.tamper, 'handled'],
  ['fails at every attempt', orders.throw, 'dead_lettered'],
  ['refuses its event', orders.refuse, 'dead_lettered'],
])('what happened is recorded if the handler %s', async (_, text, outcome) => {
  const name = text.replaceAll(' ', '_');
  const received = event('message.inbound', at, { messageId: `in_${name}`, from: null, text });
  const read = event('message.read', at, { messageId: `out_${name}`, channel: 'whatsapp', text });
  const template = event('template.rejected', at, { templateId: name, status: 'rejected', text });
  for (const each of [received, read, template]) await deliver(stack, each);
  for (const { id } of [received, read, template]) await stack.until(id, [outcome]);
  for (const [id, status] of [
    [`message#in_${name}`, 'received'],
    [`message#out_${name}`, 'read'],
    [`template#${name}`, 'rejected'],
  ] as const) {
    expect(await item(id)).toMatchObject({ status, owner: 'prj_1#', updatedAt: at });
  }
  for (const id of ['message#tampered', 'template#tampered']) expect(await item(id)).toBeUndefined();
});

test('what happened is recorded before the handler ends', async () => {
  const message = inbound(orders.lingerUntilFixed);
  await deliver(stack, message);
  await eventually(
    () => stack.effects(message.id).length === 1,
    () => 'the side effect',
  );
  expect(await item(`message#${message.data.messageId}`)).toMatchObject({ status: 'received' });
  expect(stack.of(message.id, 'handled')).toEqual([]);
  stack.fix();
  await stack.until(message.id, ['handled']);
});

test('an event whose data drifted reaches its handler, and the log says in which field', async () => {
  const data = { messageId: 'drifted', to: { phone: '+56912345678' }, channel: 'sms', status: 'sent' };
  const drifted = event('message.sent', at, data);
  await deliver(stack, drifted);
  await stack.until(drifted.id, ['handled']);
  const lines = linesOf(drifted.id);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'drift', type: 'message.sent', path: 'to', id: drifted.id }),
  );
  expect(JSON.stringify(lines)).not.toContain('+569');
  expect(await item('message#drifted')).toMatchObject({ status: 'sent' });
});

test('an event with odd fields is handled, and its log lines are short and hold no text', async () => {
  const text = 'call me at home, please';
  const failed = { messageId: 'odd', to: null, channel: 'sms', status: 'failed' };
  const call = { callId: 'c', direction: 'inbound', from: null, to: null, status: text };
  const odd = [
    event('message.failed', at + 4, { ...failed, errorCode: 21610, errorMessage: text }),
    event('message.failed', at + 5, {
      ...failed,
      errorCode: { code: 30003, message: text },
      channel: [text],
    }),
    event('message.inbound', at + 6, { messageId: 'odd_in', from: null, text: '“ＳＴＯＰ”\u200b' }),
    event('message.inbound', at + 7, {
      messageId: 'odd_in',
      from: 'f',
      content: { contacts: Array(120_000).fill(1) },
    }),
    event('call.failed', at + 8, { ...call, endReason: `${text} `.repeat(5_000), durationSeconds: '12' }),
    event('call.failed', at + 9, { ...call, callId: 'c'.repeat(100_000), status: '\u001b[2J' }),
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
  expect(said(0, 'tested')).toMatchObject({ messageId: 'odd', errorCode: '21610' });
  expect(said(0, 'drift')).toMatchObject({ path: 'errorCode' });
  expect(said(1, 'tested')).toMatchObject({ errorCode: '(object)', channel: '(object)' });
  expect(said(2, 'tested')).toBeDefined();
  expect(said(2, 'drift')).toBeUndefined();
  expect(said(3, 'drift')).toMatchObject({ path: '(too large to compare)' });
  expect(said(4, 'tested')).toMatchObject({ callId: 'c', state: '(text)', reason: '(text)' });
  expect(said(5, 'tested')).toMatchObject({ callId: `${'c'.repeat(200)}...`, state: '(text)' });
  for (const line of lines) expect(line.length).toBeLessThan(8_192);
  expect(lines.join()).not.toContain('call me');
});

test('a report of another sender leaves a message’s item as it is', async () => {
  const [, sent, , , delivered] = course('owned').map((each) => ({ ...each, senderId: 'snd_1' }));
  const forged = {
    ...event('message.read', 9_007_199_254_740_991, { messageId: 'owned' }),
    senderId: 'snd_2',
  };
  for (const each of [sent, forged, delivered]) {
    await deliver(stack, each ?? {});
    await stack.until(each?.id ?? '', ['handled']);
  }
  const byOwner = Object.fromEntries(
    (await messageItems('message#owned', stack)).map((each) => [each.owner, each]),
  );
  expect(Object.keys(byOwner).sort()).toEqual(['prj_1#snd_1', 'prj_1#snd_2']);
  expect(byOwner['prj_1#snd_1']).toMatchObject({ status: 'delivered', updatedAt: at + 9_000 });
  // Dated ahead, it is kept no longer than what is true today.
  const { updatedAt, expiresAt } = byOwner['prj_1#snd_2'] ?? {};
  expect(updatedAt).toBeLessThanOrEqual(Date.now());
  expect(expiresAt).toBeLessThanOrEqual(Date.now() / 1000 + retentionSeconds);
});

test('an event that no item can be made of is handled, and the log says why', async () => {
  const nameless = event('message.sent', at, { messageId: 'x'.repeat(5_000), channel: 'sms' });
  await deliver(stack, nameless);
  await stack.until(nameless.id, ['handled']);
  expect(linesOf(nameless.id)).toContainEqual(
    expect.objectContaining({ message: 'message_not_recorded', reason: 'id_too_long' }),
  );
});

test('if content is stored, what is too large or too deep for an item is left out of it', async () => {
  const large = ['queued', 'sent', 'failed', 'delivered', 'read'].map((status, index) =>
    event(`message.${status}`, at + index, {
      messageId: 'large',
      channel: 'x'.repeat(200_000),
      errorCode: 30003,
    }),
  );
  const deep = event('message.sent', at, { messageId: 'deep', channel: 'sms', nested: '(deep)' });
  const odd = JSON.stringify(
    event('message.sent', at, { messageId: 'odd', channel: '\ud800', text: '(odd)' }),
  );
  const bodies = [
    ...large.map((each) => JSON.stringify(each)),
    JSON.stringify(deep).replace('"(deep)"', '['.repeat(100_000) + ']'.repeat(100_000)),
    odd.replace('"(odd)"', '"Hi","__proto__":{"channel":"sms"}'),
  ];
  for (const body of bodies) await deliver(withContent, body);
  for (const { id } of [...large, deep, JSON.parse(odd)]) await withContent.until(id, ['handled']);

  const stored = Object(await item('message#large', withContent));
  expect(stored).toMatchObject({ status: 'read', errorCode: '30003' });
  expect(stored).not.toHaveProperty('channel');
  expect(Object.keys(stored).filter((status) => stored[status].data)).toEqual(['read']);
  expect(Object.keys(stored).filter((status) => stored[status].contentLeftOut)).toHaveLength(4);
  expect(await item('message#deep', withContent)).toMatchObject({
    channel: 'sms',
    sent: { contentLeftOut: true },
  });
  const { sent } = Object(await item('message#odd', withContent));
  expect(sent).toEqual({
    at,
    eventId: JSON.parse(odd).id,
    data: expect.stringContaining('__proto__'),
    contentBytes: Buffer.byteLength(sent.data),
  });
});
