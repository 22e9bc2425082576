import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { asciiJson } from '../../../lambda/shared/json.ts';
import { readEnvelope } from '../../../lambda/zavu/envelope.ts';
import { sample, sampleTypes } from '../../../lambda/zavu/samples.ts';

const receivedAt = Date.UTC(2026, 10, 27, 12);
const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: receivedAt - 1_000,
  projectId: 'prj_1',
  senderId: 'snd_1',
  data: { text: 'Hola' },
};
const read = (json: object, at = receivedAt) => readEnvelope(JSON.stringify(json), at);

test.each(sampleTypes)('the sample of %s is an envelope without drift', (type) => {
  const text = sample(type);
  expect(readEnvelope(text, receivedAt)).toEqual({ event: JSON.parse(text), drift: [], hasTime: true });
});

test.each([
  '',
  ' ',
  '{',
  'null',
  '[]',
  '"evt_1"',
  '7',
  '{}',
  '{"type":""}',
  '{"type":7}',
  '{"type":null}',
  '[{"type":"a"}]',
])('no type can be read from %j', (text) => {
  expect(readEnvelope(text, receivedAt)).toBeUndefined();
});

const own = receivedAt - 1_000;
test.each<[string, unknown, number]>([
  ['milliseconds', own, own],
  ['milliseconds and a fraction', own + 0.4, own],
  ['seconds', own / 1_000, own],
  ['seconds and a fraction', own / 1_000 + 0.5, own + 500],
  ['microseconds', own * 1_000, own],
  ['nanoseconds', own * 1_000_000, own],
  ['a numeric text', String(own), own],
  ['a numeric text of seconds', String(own / 1_000), own],
  ['ISO 8601', new Date(own).toISOString(), own],
  ['ISO 8601 of another zone', '2026-11-27T08:59:59-03:00', own],
  ['ISO 8601 without a zone, which is UTC', '2026-11-27T11:59:59', own],
  ['ISO 8601 with a blank', '2026-11-27 11:59:59', own],
  ['its day ahead', receivedAt + 86_400_000, receivedAt + 86_400_000],
  ['more than a day ahead', receivedAt + 86_400_001, receivedAt],
  ['the year 1970', 1, receivedAt],
  ['the year 2019', Date.UTC(2019, 11, 31), receivedAt],
  ['zero', 0, receivedAt],
  ['a negative number', -own, receivedAt],
  ['the largest number', Number.MAX_VALUE, receivedAt],
  ['the largest integer', Number.MAX_SAFE_INTEGER, receivedAt],
  ['the smallest number', -1.7e308, receivedAt],
  ['a text of no time', 'yesterday', receivedAt],
  ['a text like a time', '2026-13-45T99:99:99Z', receivedAt],
  ['NaN as a text', 'NaN', receivedAt],
  ['nothing', undefined, receivedAt],
  ['null', null, receivedAt],
  ['a list', [own], receivedAt],
])('the timestamp: %s', (_case, timestamp, expected) => {
  expect(read({ ...event, timestamp })).toEqual({
    event: { ...event, timestamp: expected },
    drift: timestamp === expected ? [] : ['timestamp'],
    hasTime: expected !== receivedAt,
  });
});

test('a number too large for JSON, which JSON.parse takes for infinity, is no time', () => {
  const text = JSON.stringify(event).replace(`${event.timestamp}`, '1e999');
  expect(readEnvelope(text, receivedAt)).toMatchObject({ event: { timestamp: receivedAt }, hasTime: false });
});

describe('the id', () => {
  test.each([
    [7, '7'],
    [-1, '-1'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('that is the number %p is its text', (id, expected) => {
    expect(read({ ...event, id })).toMatchObject({ event: { id: expected }, drift: ['id'] });
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['an object', { id: 'evt_1' }],
    ['a fraction', 1.5],
    // Its neighbours are the same number, and other events.
    ['a number above 2^53', 2 ** 53],
    ['longer than 200 characters', 'x'.repeat(201)],
    ['of words', 'call me at home'],
    ['half a surrogate pair', '\ud83d'],
    ['outside ASCII', 'evt_ñ'],
    ['of control characters', 'evt_\u001b[2J'],
  ])('that is %s is that of its bytes', (_case, id) => {
    const text = JSON.stringify({ ...event, id });
    const expected = `sha256:${createHash('sha256').update(asciiJson(text)).digest('hex')}`;
    expect(readEnvelope(text, receivedAt)).toMatchObject({ event: { id: expected }, drift: ['id'] });
    expect(readEnvelope(text, receivedAt + 60_000)?.event.id).toBe(expected);
    expect(readEnvelope(text.replace('Hola', 'hola'), receivedAt)?.event.id).not.toBe(expected);
  });

  test('is the same of the text as signed and as a queue holds it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (data) => {
        const text = JSON.stringify({ type: 'message.inbound', data });
        expect(readEnvelope(asciiJson(text), 0)?.event.id).toBe(readEnvelope(text, 0)?.event.id);
      }),
    );
  });
});

test.each([
  ['missing', undefined],
  ['null', null],
  ['a list', [{ text: 'Hola' }]],
  ['a text', '{"text":"Hola"}'],
  ['a number', 7],
])('data that is %s is an empty object', (_case, data) => {
  expect(read({ ...event, data })).toMatchObject({ event: { data: {} }, drift: ['data'] });
});

describe.each(['senderId', 'projectId'])('%s', (name) => {
  test.each([
    ['missing', undefined, []],
    ['null', null, []],
    ['empty', '', [name]],
    ['a number', 7, [name]],
    ['an object', { toString: 'snd_1' }, [name]],
    ['a list', ['snd_1'], [name]],
    ['too long', 'x'.repeat(257), [name]],
    ['half a surrogate pair', '\udc4b', [name]],
  ])('that is %s is absent', (_case, value, drift) => {
    const found = read({ ...event, [name]: value });
    expect(found?.event).not.toHaveProperty(name);
    expect(found?.drift).toEqual(drift);
  });
});

test('unknown fields are kept, and a type alone is an event', () => {
  expect(read({ ...event, novelty: { deep: [1] } })?.event).toEqual({ ...event, novelty: { deep: [1] } });
  expect(read({ type: 'domain.verified' })).toEqual({
    event: {
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      type: 'domain.verified',
      timestamp: receivedAt,
      data: {},
    },
    drift: ['id', 'timestamp', 'data'],
    hasTime: false,
  });
});

test('a byte order mark, and keys that objects inherit, harm nothing', () => {
  expect(readEnvelope(`\ufeff${JSON.stringify(event)}`, receivedAt)?.event).toEqual(event);
  // With or without it, as a worker reads it, an event that has no id has one and the same.
  const bare = '{"type":"message.inbound"}';
  expect(readEnvelope(`\ufeff${bare}`, receivedAt)?.event).toEqual(readEnvelope(bare, receivedAt)?.event);
  const hostile = '{"__proto__":{"id":"evt_x","senderId":"snd_x"},"type":"message.inbound"}';
  const found = readEnvelope(hostile, receivedAt)?.event;
  expect(found?.id).toMatch(/^sha256:/);
  expect(found?.senderId).toBeUndefined();
  expect(Object.prototype).not.toHaveProperty('senderId');
});

test('whatever is signed, what is read is in the documented form', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 300 }), fc.double());
  const envelopes = fc.record(
    {
      id: odd,
      type: fc.oneof(odd, fc.constantFrom(...sampleTypes)),
      timestamp: odd,
      senderId: odd,
      projectId: odd,
      data: odd,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(envelopes, (json) => {
      const found = read(json);
      if (!found) return expect(typeof json.type === 'string' && json.type !== '').toBe(false);
      const { id, timestamp, senderId, projectId, data } = found.event;
      expect(id).toMatch(/^[\x21-\x7e]{1,200}$/);
      for (const each of [senderId ?? 's', projectId ?? 'p']) {
        expect(each.length).toBeGreaterThan(0);
        expect(each.length).toBeLessThanOrEqual(256);
        expect(each.isWellFormed()).toBe(true);
      }
      expect(Number.isSafeInteger(timestamp)).toBe(true);
      expect(timestamp).toBeGreaterThanOrEqual(Date.UTC(2020, 0));
      expect(timestamp).toBeLessThanOrEqual(receivedAt + 86_400_000);
      expect(Object.prototype.toString.call(data)).toBe('[object Object]');
    }),
    { numRuns: 20_000 },
  );
});
