import fc from 'fast-check';
import { catalogue } from '../../lambda/catalogue.ts';
import { parseEnvelope } from '../../lambda/envelope.ts';
import { parseEvent } from '../../lambda/event.ts';
import { routes, typesOf, workerFor, workerNames } from '../../lambda/routes.ts';
import { sample, sampleTypes } from '../../tools/samples.ts';

const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };

test.each(sampleTypes)('the sample of %s is an event without drift', (type) => {
  const parsed = parseEnvelope(JSON.parse(sample(type)));
  expect(parsed.ok).toBe(true);
  if (parsed.ok) expect(parseEvent(parsed.value)).toEqual({ event: parsed.value, drift: [] });
});

test.each([
  [null, '(root)'],
  [[], '(root)'],
  ['evt_1', '(root)'],
  [{ ...envelope, id: undefined }, 'id'],
  [{ ...envelope, id: '' }, 'id'],
  [{ ...envelope, id: 7 }, 'id'],
  [{ ...envelope, type: '' }, 'type'],
  [{ ...envelope, timestamp: '1' }, 'timestamp'],
  [{ ...envelope, data: null }, 'data'],
  [{ ...envelope, data: [] }, 'data'],
])('%j is not an event: %s', (json, problem) => {
  expect(parseEnvelope(json)).toEqual({ ok: false, problems: [problem] });
});

test('unknown fields are kept, in the envelope and in data', () => {
  const event = { ...envelope, novelty: 1, data: { messageId: 'm', from: 'f', depth: { more: true } } };
  const parsed = parseEnvelope(event);
  expect(parsed).toEqual({ ok: true, value: event });
  if (parsed.ok) expect(parseEvent(parsed.value)?.event).toBe(parsed.value);
});

test('data that does not fit is delivered all the same, with the paths that differ', () => {
  const event = { ...envelope, data: { messageId: 7 } };
  expect(parseEvent(event)).toEqual({ event, drift: ['messageId', 'from'] });
});

test('items of a list share one path', () => {
  const contacts = [{ name: 7 }, { name: 8 }, { phones: ['+1', 9] }];
  const event = { ...envelope, data: { messageId: 'm', from: 'f', content: { contacts } } };
  expect(parseEvent(event)?.drift).toEqual(['content.contacts.*.name', 'content.contacts.*.phones.*']);
});

test('parseEnvelope never throws', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void parseEnvelope(json)));
});

test('whatever the data, parseEvent keeps it and names paths of the schema alone', () => {
  const types = fc.constantFrom(...Object.keys(catalogue));
  const data = fc.dictionary(fc.constantFrom('messageId', 'content', 'channel', 'x'), fc.jsonValue());
  fc.assert(
    fc.property(types, data, (type, value) => {
      const event = { ...envelope, type, data: value };
      const parsed = parseEvent(event);
      expect(parsed?.event).toBe(event);
      for (const path of parsed?.drift ?? []) expect(path).toMatch(/^[a-zA-Z*]+(\.[a-zA-Z*]+)*$/);
    }),
  );
});

test.each(['constructor', '__proto__', 'toString', 'message.reaction'])('%s is nobody’s type', (type) => {
  expect(workerFor(type)).toBeUndefined();
  expect(parseEvent({ ...envelope, type })).toBeUndefined();
});

test('every routed type has its worker', () => {
  for (const [type, worker] of Object.entries(routes)) expect(workerFor(type)).toBe(worker);
  expect(workerNames).toEqual(['inbound', 'delivery', 'templates', 'account']);
  expect(workerNames.flatMap(typesOf).sort()).toEqual(Object.keys(routes).sort());
});
