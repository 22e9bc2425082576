import { catalogue, type EventType } from '../../lambda/zavu/catalogue.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import { parseEvent } from '../../lambda/zavu/event.ts';
import { sampleTypes } from '../../lambda/zavu/samples.ts';
import { sample } from '../../testing/sample.ts';

const types = Object.keys(catalogue) as EventType[];

test.each(types)('a sample of %s is an event of this type without drift, sent now', (type) => {
  const before = Date.now();
  const event = sample(type);
  expect(event.type).toBe(type);
  expect(event.timestamp).toBeGreaterThanOrEqual(before);
  const read = readEnvelope(JSON.stringify(event), Date.now());
  expect(read).toMatchObject({ event, drift: [], hasTime: true });
  expect(read && parseEvent(read.event)?.drift).toEqual([]);
});

test('there is one of every type of the catalogue', () => {
  expect([...types].sort()).toEqual(sampleTypes);
});

test('each has an id of its own', () => {
  const ids = Array.from({ length: 100 }, () => sample('message.inbound').id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('fields of its data are set, and the others stay', () => {
  const usual = sample('message.inbound').data;
  const event = sample('message.inbound', { text: 'Hola', from: null });
  expect(event.data).toEqual({ ...usual, text: 'Hola', from: null });
  expect(usual.text).not.toBe('Hola');
});

test('the envelope is set, and undefined leaves an id out', () => {
  const envelope = { id: 'evt_1', timestamp: 1_736_850_000_000, senderId: 'snd_1', projectId: undefined };
  const event = sample('call.failed', {}, envelope);
  expect(event).toMatchObject({ id: 'evt_1', timestamp: 1_736_850_000_000, senderId: 'snd_1' });
  expect(event).not.toHaveProperty('projectId');
  expect(sample('message.inbound')).toHaveProperty('projectId');
});

test('a field of another type, or a type that is not there, does not compile', () => {
  // @ts-expect-error: a text is no number.
  sample('message.inbound', { text: 7 });
  // @ts-expect-error: a template has no text.
  sample('template.approved', { text: 'Hola' });
  // @ts-expect-error: there is no such type.
  expect(() => sample('message.misspelt')).toThrow('No sample of "message.misspelt".');
});
