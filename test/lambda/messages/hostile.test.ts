import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { contentRoom } from '../../../lambda/messages/content.ts';
import { expiryOf } from '../../../lambda/messages/items.ts';
import { itemKey } from '../../../lambda/messages/key.ts';
import { addToMessage, type Message } from '../../../lambda/messages/message.ts';
import { type MessageEvent, messageEventTypes, ranks } from '../../../lambda/messages/status-change.ts';
import {
  addToTemplate,
  type Template,
  type TemplateEvent,
  templateEventTypes,
} from '../../../lambda/messages/template.ts';
import { itemSize, largestItem } from '../../support/item-size.ts';

/** Signed events whose fields hold whatever JSON can hold: what becomes of them in the table. */
const now = 1_788_264_000_000;
const retentionSeconds = 90 * 86_400;
const marker = 'Where is my parcel, +56912345678?';

let deep: unknown = marker;
for (let level = 0; level < 100_000; level++) deep = level % 2 ? [deep] : { deep };

/** Large once, rather than in each run. */
const huge = fc.constantFrom<unknown>(
  'x'.repeat(450_000),
  `${marker} `.repeat(10_000),
  '👋'.repeat(60_000),
  '\ud800'.repeat(50_000),
  Array.from({ length: 20_000 }, () => marker),
  deep,
);

const hostile = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom<unknown>('sms', '30003', 30003, 'prj_1', 'tpl_1', null, marker) },
  {
    weight: 10,
    arbitrary: fc.constantFrom<unknown>(
      ...[
        -1,
        0.5,
        1e300,
        -1.7e308,
        2 ** 53,
        true,
        '',
        ' ',
        'NaN',
        '\ud800',
        '\u0000',
        '__proto__',
        '+56912345678',
      ],
      ...[
        [marker],
        { text: marker },
        { toJSON: marker },
        JSON.parse('{"__proto__":{"id":1}}'),
        'x'.repeat(256),
      ],
    ),
  },
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 5, arbitrary: fc.jsonValue() },
);

const fields = [
  ...['channel', 'status', 'errorCode', 'errorMessage', 'templateId', 'conversationId', 'messageType'],
  ...['name', 'reason', 'to', 'from', 'text', 'content', '__proto__'],
];
const some = fc.dictionary(fc.constantFrom(...fields), hostile, { noNullPrototype: true });
const data = fc.oneof(
  { weight: 15, arbitrary: some },
  {
    weight: 1,
    arbitrary: fc
      .tuple(some, fc.constantFrom(...fields), huge)
      .map(([others, field, value]) => Object.fromEntries([...Object.entries(others), [field, value]])),
  },
);

const id = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
  fc.constantFrom('evt_1', '你'.repeat(256), '\ud800'.repeat(256), '👋'.repeat(2_000)),
);
/** What the parser leaves to a handler, and worse. */
const envelope = fc.record(
  {
    id,
    timestamp: fc.oneof(
      fc.constantFrom(
        now,
        now + 86_400_000,
        1,
        -1,
        0,
        -1.7e308,
        1.7e308,
        1e15,
        2 ** 53,
        Number.NaN,
        now / 1000,
      ),
      fc.double(),
      fc.integer({ min: now - 1e12, max: now + 1e12 }),
    ),
    projectId: id,
    senderId: id,
  },
  { requiredKeys: ['id', 'timestamp'] },
);
const unowned = envelope.map(({ id, timestamp }) => ({ id, timestamp }));
const about = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>('msg_1', 7, 'x'.repeat(2_000)) },
  { weight: 1, arbitrary: hostile },
);

/** Checks what is about to be written. */
function judge(item: Message | Template, key: { id: string; owner: string }): void {
  const expiresAt = expiryOf(item.updatedAt, retentionSeconds, now);
  expect(expiresAt).toBeGreaterThanOrEqual(now / 1000);
  expect(expiresAt).toBeLessThanOrEqual(now / 1000 + retentionSeconds);
  expect(item.updatedAt).toBeGreaterThan(0);
  expect(item.updatedAt).toBeLessThanOrEqual(now);
  const marshalled = marshall({ ...item, ...key, version: Number.MAX_SAFE_INTEGER, expiresAt });
  expect(itemSize(marshalled)).toBeLessThan(largestItem);
  const strings = [...stringsOf(item)];
  // Unicode throughout, or DynamoDB would keep something else, or refuse it.
  expect(strings.filter(([, text]) => !text.isWellFormed())).toEqual([]);
  expect(strings.filter(([name, text]) => name !== 'data' && text.length > 256)).toEqual([]);
}

/** All strings of an item, with the names of their attributes. */
function* stringsOf(value: object): Generator<[string, string]> {
  for (const [name, part] of Object.entries(value)) {
    if (typeof part === 'string') yield [name, part];
    else if (typeof part === 'object') yield* stringsOf(part);
  }
}

const runs = { numRuns: 1_000 };

test('a message’s item is within bounds, whatever its events hold', () => {
  const events = fc.array(fc.record({ type: fc.constantFrom(...messageEventTypes), envelope, data }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(events, about, fc.boolean(), (all, messageId, storeMessageContent) => {
      let item: Message | undefined;
      for (const { type, envelope, data } of all) {
        const event = { ...envelope, type, data: { ...data, messageId } } as MessageEvent;
        const key = itemKey('message', messageId, event);
        if ('problem' in key) return;
        item = addToMessage(item, event, { storeMessageContent, now });
        judge(item, key);
        expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
        if (!storeMessageContent) expect(JSON.stringify(item)).not.toMatch(/parcel|\+569/);
      }
    }),
    runs,
  );
});

test('a template’s item is within bounds, whatever its events hold', () => {
  const events = fc.array(fc.record({ type: fc.constantFrom(...templateEventTypes), envelope, data }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(events, about, fc.boolean(), (all, templateId, storeMessageContent) => {
      let item: Template | undefined;
      for (const { type, envelope, data } of all) {
        const event = { ...envelope, type, data: { ...data, templateId } } as TemplateEvent;
        const key = itemKey('template', templateId, event);
        if ('problem' in key) return;
        item = addToTemplate(item, event, { storeMessageContent, now });
        judge(item, key);
        if (!storeMessageContent) expect(JSON.stringify(item)).not.toMatch(/parcel|\+569/);
      }
    }),
    runs,
  );
});

test('the largest item that there can be is within DynamoDB’s bound', () => {
  const id = '你'.repeat(256);
  const word = 'x'.repeat(64);
  const item = messageEventTypes.reduce<Message | undefined>((before, type) => {
    const codes = { channel: word, errorCode: word, messageType: word };
    const ids = { templateId: 'x'.repeat(256), conversationId: 'x'.repeat(256) };
    const text = 'x'.repeat(Math.floor(contentRoom / 7) - 1_000);
    const event = { id, type, timestamp: now, projectId: id, senderId: id, data: { ...codes, ...ids, text } };
    return addToMessage(before, event as unknown as MessageEvent, { storeMessageContent: true, now });
  }, undefined);
  const contents = ranks.map((status) => item?.[status]?.data?.length ?? 0);
  expect(contents.reduce((sum, length) => sum + length)).toBeGreaterThan(0.97 * contentRoom);
  judge(item as Message, { id: `message#${'x'.repeat(2_000)}`, owner: 'x'.repeat(1_024) });
});

test('events of another owner have an item of their own', () => {
  const owner = fc.record(
    {
      projectId: fc.constantFrom<unknown>('prj_1', 'prj_1#snd_1', 'prj_2', '', null, 7, ['prj_1']),
      senderId: fc.constantFrom<unknown>('snd_1', 'snd_2', '#', '', null, '\ud800', '\ud801'),
    },
    { requiredKeys: [] },
  );
  const events = fc.array(
    fc.record({ type: fc.constantFrom(...messageEventTypes), envelope: unowned, owner }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  const nameOf = ({ projectId, senderId }: { projectId?: unknown; senderId?: unknown }) =>
    JSON.stringify([projectId, senderId].map((id) => (typeof id === 'string' ? id : '')));
  /** What the table holds in the end, by its keys. */
  const table = (all: readonly { type: string; envelope: object; owner: object }[]) => {
    const items = new Map<string, Message>();
    for (const { type, envelope, owner } of all) {
      const event = { ...envelope, ...owner, type, data: { messageId: 'msg_1' } } as MessageEvent;
      const key = itemKey('message', 'msg_1', event);
      if ('problem' in key) throw new Error(key.problem);
      expect(key.id).toBe('message#msg_1');
      items.set(key.owner, addToMessage(items.get(key.owner), event, { storeMessageContent: true, now }));
    }
    return items;
  };
  fc.assert(
    fc.property(events, (all) => {
      const items = table(all);
      const owners = new Set(all.map(({ owner }) => nameOf(owner)));
      expect(items.size).toBe(owners.size);
      for (const name of owners) {
        const own = [...table(all.filter(({ owner }) => nameOf(owner) === name))];
        expect(own).toHaveLength(1);
        for (const [key, item] of own) expect(items.get(key)).toEqual(item);
      }
    }),
    runs,
  );
});

test.each([
  [now, now / 1000 + retentionSeconds],
  [now - 86_400_000, now / 1000 - 86_400 + retentionSeconds],
  [now + 86_400_000, now / 1000 + retentionSeconds],
  [Number.MAX_SAFE_INTEGER, now / 1000 + retentionSeconds],
  [1, now / 1000],
])('an item that was updated at %d expires at %d', (updatedAt, expiresAt) => {
  expect(expiryOf(updatedAt, retentionSeconds, now)).toBe(expiresAt);
});
