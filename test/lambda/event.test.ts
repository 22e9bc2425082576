import fc from 'fast-check';
import { catalogue } from '../../lambda/catalogue.ts';
import { readEnvelope } from '../../lambda/envelope.ts';
import { parseEvent } from '../../lambda/event.ts';
import { routes, typesOf, workerFor, workerNames } from '../../lambda/routes.ts';
import { sample, sampleTypes } from '../../tools/samples.ts';

const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };

test.each(sampleTypes)('the sample of %s is an event without drift', (type) => {
  const found = readEnvelope(sample(type), Date.now());
  if (!found) throw new Error('unreadable');
  expect(parseEvent(found.event)).toEqual({ event: found.event, drift: [] });
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
