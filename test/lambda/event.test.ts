import fc from 'fast-check';
import { parseEnvelope, parseEvent } from '../../lambda/event.ts';
import { routes, workerFor, workerNames } from '../../lambda/routes.ts';
import { sample, sampleTypes } from '../../tools/samples.ts';

const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };

test.each(sampleTypes)("the guide's %s is an event without drift", (type) => {
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

test('parseEnvelope never throws', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void parseEnvelope(json)));
});

test.each(['constructor', '__proto__', 'toString', 'message.status'])('%s is nobody’s type', (type) => {
  expect(workerFor(type)).toBeUndefined();
  expect(parseEvent({ ...envelope, type })).toBeUndefined();
});

test('every routed type has its worker', () => {
  for (const [type, worker] of Object.entries(routes)) expect(workerFor(type)).toBe(worker);
  expect(workerNames).toEqual(['inbound', 'delivery', 'templates']);
});
