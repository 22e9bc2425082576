import fc from 'fast-check';
import { addToMessage, type Message, withoutContent } from '../../../lambda/messages/message.ts';
import { type MessageEvent, type MessageEventType, ranks } from '../../../lambda/messages/status-change.ts';
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

/** Later than all that is not said to be ahead. Each event is recorded a little after the one before it. */
const now = 1_000;

const ofAll = (events: readonly MessageEvent[], storeMessageContent = false) =>
  events.reduce<Message | undefined>(
    (item, each, index) => addToMessage(item, each, { storeMessageContent, now: now + index }),
    undefined,
  );

const texts = new Map([0, 10, 100_000, 170_000, 340_000, 400_000].map((count) => [count, 'x'.repeat(count)]));

const events = fc
  .uniqueArray(
    fc.record({
      type: fc.constantFrom(...delivery),
      // Few, so that several events say the same status at the same time.
      timestamp: fc.integer({ min: 1, max: 4 }),
      suffix: fc.integer({ min: 0, max: 3 }),
      channel: fc.constantFrom('sms', 'whatsapp'),
      errorCode: fc.constantFrom(null, '30003', '30005'),
      // Contents that an item has room for all of, for some of, and for none of.
      letters: fc.constantFrom(...texts.keys()),
    }),
    {
      minLength: 1,
      maxLength: 12,
      selector: ({ type, timestamp, suffix }) => [type, timestamp, suffix].join(),
    },
  )
  .map((all) =>
    all.map(({ suffix, type, timestamp, letters, ...data }) => ({
      ...event(type, timestamp, { ...data, text: texts.get(letters) }),
      id: `evt_${type}_${timestamp}_${suffix}`,
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
    fc.property(shuffled, fc.boolean(), ([all, order, repeated, at], storeMessageContent) => {
      const mixed = order.toSpliced(at % (order.length + 1), 0, ...repeated);
      expect(ofAll([...mixed, ...repeated], storeMessageContent)).toEqual(ofAll(all, storeMessageContent));
    }),
    { numRuns: 300 },
  );
});

test('an event that was added before changes nothing, and says so', () => {
  fc.assert(
    fc.property(events, (all) => {
      for (const storeMessageContent of [false, true]) {
        const item = ofAll(all, storeMessageContent);
        for (const each of all) expect(addToMessage(item, each, { storeMessageContent, now })).toBe(item);
      }
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
    status: 'failed',
    channel: 'sms',
    errorCode: '30003',
    queued: { at: 1, eventId: fallback.id, channel: 'whatsapp' },
    failed: { at: 3, eventId: failed.id, channel: 'sms', errorCode: '30003' },
    updatedAt: 3,
  });
  expect(ofAll([failed, fallback, event('message.delivered', 4)])).not.toHaveProperty('errorCode');
});

test('each status keeps its first report', () => {
  const all = [2, 1, 3].map((timestamp) => event('message.sent', timestamp));
  expect(ofAll(all)).toMatchObject({ sent: { at: 1 }, updatedAt: 3 });
});

test('keeps the data if content is stored', () => {
  const inbound = event('message.inbound', 1, { from: '+56912345678', text: 'Hello' });
  expect(JSON.stringify(ofAll([inbound]))).not.toMatch(/\+569|Hello/);
  const data = ofAll([inbound], true)?.received?.data ?? '';
  expect(JSON.parse(data)).toEqual(inbound.data);
});

test('a field that drifted is left out, and a number counts as its string', () => {
  const drifted = event('message.sent', 1, {
    channel: { name: 'sms' },
    errorCode: 30003,
    templateId: 7,
    conversationId: ['c'],
    messageType: 'Where is my parcel?',
  });
  expect(ofAll([drifted])).toEqual({
    status: 'sent',
    errorCode: '30003',
    sent: { at: 1, eventId: drifted.id, errorCode: '30003', templateId: '7' },
    updatedAt: 1,
  });
});

test.each([
  'Where is my parcel?',
  '我的包裹在哪里',
  '+56912345678',
  '56912345678',
  'jane@example.com',
  'x'.repeat(65),
  '',
])('%j is no code, and is left out of the item in whatever field it stands', (text) => {
  const item = ofAll([event('message.failed', 1, { channel: text, errorCode: text, messageType: text })]);
  expect(item?.failed).toEqual({ at: 1, eventId: 'evt_1_message.failed' });
});

test('the item says whose it is, within bounds', () => {
  const owner = { projectId: `${'x'.repeat(255)}👋`, senderId: 'snd_1' };
  const item = ofAll([{ ...event('message.sent', 1), ...owner }]);
  expect(item).toMatchObject({ projectId: `${'x'.repeat(255)}\ufffd`, senderId: 'snd_1' });
  const odd = ofAll([{ ...event('message.sent', 1), projectId: 7, senderId: '' } as unknown as MessageEvent]);
  expect(odd).not.toHaveProperty('projectId');
  expect(odd).not.toHaveProperty('senderId');
});

describe('contents that an item has no room for', () => {
  const sized = (type: MessageEventType, at: number, letters: number) =>
    event(type, at, { text: 'x'.repeat(letters) });
  /** Of each report whether its content was kept. */
  const kept = (item: Message | undefined) =>
    ranks.flatMap((status) => {
      const report = item?.[status];
      if (!report) return [];
      expect(report.data === undefined).toBe(report.contentLeftOut === true);
      return `${status} ${report.data === undefined ? 'left out' : 'kept'}`;
    });

  test('are left out from the lowest status on, in whatever order they come', () => {
    const all = [
      sized('message.queued', 1, 10),
      sized('message.sent', 2, 200_000),
      sized('message.delivered', 3, 200_000),
      sized('message.read', 4, 100_000),
    ];
    const expected = ['delivered kept', 'queued left out', 'read kept', 'sent left out'];
    expect(kept(ofAll(all, true)).sort()).toEqual(expected);
    expect(kept(ofAll(all.toReversed(), true)).sort()).toEqual(expected);
  });

  test('are left out alone if they are too large by themselves, or nested too deeply', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    const all = [
      sized('message.queued', 1, 9),
      sized('message.sent', 1, 400_000),
      event('message.read', 2, { deep }),
      sized('message.delivered', 3, 9),
    ];
    const expected = ['delivered kept', 'queued kept', 'read left out', 'sent left out'];
    expect(kept(ofAll(all, true)).sort()).toEqual(expected);
  });

  test('do not matter if no content is stored', () => {
    const item = ofAll([sized('message.sent', 1, 400_000)]);
    expect(item).toEqual({
      status: 'sent',
      channel: 'sms',
      sent: { at: 1, eventId: 'evt_1_message.sent', channel: 'sms' },
      updatedAt: 1,
    });
  });

  test('an item may be written without any', () => {
    const item = ofAll([sized('message.sent', 1, 10)], true) as Message;
    expect(kept(withoutContent(item))).toEqual(['sent left out']);
  });
});

test.each([
  [now + 86_400_000, now],
  [Number.MAX_VALUE, now],
  [Number.NaN, now],
  [-1.7e308, now],
  [-1, now],
  [0, now],
  [1.5, 1],
  [now, now],
])('an event of the time %d counts as of %d', (timestamp, at) => {
  const item = ofAll([event('message.sent', timestamp)]);
  expect(item).toMatchObject({ sent: { at }, updatedAt: at });
});

describe('a template', () => {
  const says = (type: TemplateEvent['type'], timestamp: number, data: object = {}) =>
    ({
      id: `evt_${timestamp}_${type}`,
      type,
      timestamp,
      data: { templateId: 't', name: 'offer', ...data },
    }) as TemplateEvent;
  const latest = (all: readonly TemplateEvent[], storeMessageContent = false) =>
    all.reduce<Template | undefined>(
      (item, each, index) => addToTemplate(item, each, { storeMessageContent, now: now + index }),
      undefined,
    );

  test('is as its latest event says, in whatever order they come', () => {
    const all = [
      says('template.rejected', 1, { reason: 'Prohibited' }),
      says('template.status_changed', 2, { status: 'pending' }),
      says('template.approved', 3),
      says('template.status_changed', 3, { status: 'approved' }),
    ];
    const expected = latest(all);
    expect(expected).toMatchObject({ status: 'approved', updatedAt: 3 });
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

  test('is not held by an event that is dated ahead', () => {
    const ahead = latest([says('template.rejected', 9_007_199_254_740_991)]);
    expect(ahead).toMatchObject({ status: 'rejected', updatedAt: now });
    const recording = { storeMessageContent: false, now: now + 1 };
    const after = addToTemplate(ahead, says('template.approved', now + 1), recording);
    expect(after).toMatchObject({ status: 'approved', updatedAt: now + 1 });
  });

  test('has free text only if content is stored', () => {
    const text = 'The template sells what +56912345678 must not.';
    const rejected = says('template.rejected', 1, { name: 'Our offer', reason: text.repeat(9) });
    expect(latest([rejected])).toEqual({ status: 'rejected', updatedAt: 1, eventId: rejected.id });
    expect(latest([rejected], true)).toEqual({
      status: 'rejected',
      name: 'Our offer',
      reason: text.repeat(9).slice(0, 256),
      updatedAt: 1,
      eventId: rejected.id,
    });
    expect(latest([says('template.status_changed', 1, { status: text })])).toMatchObject({
      status: 'unknown',
    });
  });
});
