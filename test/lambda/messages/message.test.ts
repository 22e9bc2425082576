import fc from 'fast-check';
import {
  addToMessage,
  type Message,
  type MessageEvent,
  type MessageEventType,
} from '../../../lambda/messages/message.ts';
import { addToTemplate, type Template, type TemplateEvent } from '../../../lambda/messages/template.ts';

const delivery: MessageEventType[] = [
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.failed',
];

function event(type: MessageEventType, timestamp: number, data: object = {}): MessageEvent {
  const id = `evt_${timestamp}_${type}`;
  return { id, type, timestamp, data: { messageId: 'm', channel: 'sms', ...data } } as MessageEvent;
}

const ofAll = (events: readonly MessageEvent[], storeContent = false) =>
  events.reduce<Message | undefined>((item, each) => addToMessage(item, each, storeContent), undefined);

const events = fc
  .uniqueArray(
    fc.record({
      type: fc.constantFrom(...delivery),
      // Few, so that several events say the same status at the same time.
      timestamp: fc.integer({ min: 1, max: 4 }),
      suffix: fc.integer({ min: 0, max: 3 }),
      channel: fc.constantFrom('sms', 'whatsapp'),
      errorCode: fc.constantFrom(null, '30003', '30005'),
      senderId: fc.constantFrom('snd_1', 'snd_2'),
    }),
    {
      minLength: 1,
      maxLength: 12,
      selector: ({ type, timestamp, suffix }) => [type, timestamp, suffix].join(),
    },
  )
  .map((all) =>
    all.map(({ suffix, senderId, type, timestamp, ...data }) => ({
      ...event(type, timestamp, data),
      id: `evt_${type}_${timestamp}_${suffix}`,
      senderId,
    })),
  );

test('any order and any repetition of a message’s events end in the same item', () => {
  const shuffled = events.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.constantFrom(...all), { maxLength: 12 }),
      fc.nat(),
    ),
  );
  fc.assert(
    fc.property(shuffled, fc.boolean(), ([all, order, repeated, at], storeContent) => {
      const mixed = order.toSpliced(at % (order.length + 1), 0, ...repeated);
      expect(ofAll([...mixed, ...repeated], storeContent)).toEqual(ofAll(all, storeContent));
    }),
    { numRuns: 2_000 },
  );
});

test('an event that was added before changes nothing, and says so', () => {
  fc.assert(
    fc.property(events, (all) => {
      const item = ofAll(all);
      for (const each of all) expect(addToMessage(item, each, false)).toBe(item);
    }),
  );
});

test.each<[string, MessageEventType[]]>([
  ['queued', ['message.queued']],
  ['sent', ['message.sent', 'message.queued']],
  ['delivered', ['message.delivered', 'message.sent', 'message.queued']],
  ['read', ['message.read', 'message.delivered']],
  ['failed', ['message.failed', 'message.sent']],
  ['delivered', ['message.failed', 'message.delivered']],
  ['read', ['message.read', 'message.failed']],
  ['received', ['message.inbound']],
  ['unsupported', ['message.unsupported']],
])('%s after %j, in every order', (status, types) => {
  const all = types.map((type, index) => event(type, index + 1));
  expect(ofAll(all)).toMatchObject({ status });
  expect(ofAll(all.toReversed())).toMatchObject({ status });
});

test('holds times, channel and error code, and neither addresses nor texts', () => {
  const fallback = event('message.queued', 1, { to: '+56912345678', channel: 'whatsapp', status: 'queued' });
  const failed = event('message.failed', 3, { to: '+56912345678', errorCode: '30003', errorMessage: 'Gone' });
  const item = ofAll([failed, fallback]);
  expect(item).toEqual({
    id: 'message#m',
    status: 'failed',
    channel: 'sms',
    errorCode: '30003',
    reports: {
      queued: { at: 1, eventId: fallback.id, channel: 'whatsapp' },
      failed: { at: 3, eventId: failed.id, channel: 'sms', errorCode: '30003' },
    },
    updatedAt: 3,
  });
  expect(ofAll([failed, fallback, event('message.delivered', 4)])).not.toHaveProperty('errorCode');
});

test('each status keeps its first report', () => {
  const all = [2, 1, 3].map((timestamp) => event('message.sent', timestamp));
  expect(ofAll(all)).toMatchObject({ reports: { sent: { at: 1 } }, updatedAt: 3 });
});

test('keeps the data where content is stored', () => {
  const inbound = event('message.inbound', 1, { from: '+56912345678', text: 'Hello' });
  expect(JSON.stringify(ofAll([inbound]))).not.toMatch(/\+569|Hello/);
  const data = ofAll([inbound], true)?.reports.received?.data ?? '';
  expect(JSON.parse(data)).toEqual(inbound.data);
});

test('data that drifted is no obstacle', () => {
  const drifted = event('message.sent', 1, { channel: 7, errorCode: { code: 1 } });
  expect(ofAll([drifted])).toEqual({
    id: 'message#m',
    status: 'sent',
    reports: { sent: { at: 1, eventId: drifted.id } },
    updatedAt: 1,
  });
});

describe('a template', () => {
  const says = (type: TemplateEvent['type'], timestamp: number, data: object = {}) =>
    ({
      id: `evt_${timestamp}_${type}`,
      type,
      timestamp,
      data: { templateId: 't', name: 'offer', ...data },
    }) as TemplateEvent;
  const latest = (all: readonly TemplateEvent[]) =>
    all.reduce<Template | undefined>(addToTemplate, undefined);

  test('is as its latest event says, in whatever order they come', () => {
    const all = [
      says('template.rejected', 1, { reason: 'Prohibited' }),
      says('template.status_changed', 2, { status: 'pending' }),
      says('template.approved', 3),
      says('template.status_changed', 3, { status: 'approved' }),
    ];
    const expected = latest(all);
    expect(expected).toMatchObject({ id: 'template#t', status: 'approved', updatedAt: 3 });
    expect(expected).not.toHaveProperty('reason');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...all)),
        fc.shuffledSubarray(all, { minLength: 4 }),
        (some, order) => {
          expect(latest([...some, ...order])).toEqual(expected);
        },
      ),
    );
    expect(latest(all.slice(0, 1))).toMatchObject({ status: 'rejected', reason: 'Prohibited' });
  });
});
