import { join } from 'node:path';
import { eventToSend } from '../../../cli/send/event.ts';
import { sample } from '../../../lambda/zavu/samples.ts';

const now = 1_900_000_000_000;

function sent(changes: string[] = [], isFresh = false) {
  return JSON.parse(eventToSend('message.inbound', { isFresh, changes }, now));
}

test('a sample has its own id, so that a second one is a duplicate, and the present time', () => {
  const original = JSON.parse(sample('message.inbound'));
  expect(sent()).toEqual({ ...original, timestamp: now });
});

test('a changed sample is another event, unless its id is set', () => {
  const one = sent(['data.from=+56911111111', 'data.text=42=x']);
  expect(one.data).toMatchObject({ from: '+56911111111', text: '42=x' });
  expect(one.id).not.toBe(sent(['data.text=1']).id);
  expect(sent(['id=evt_mine'])).toMatchObject({ id: 'evt_mine', timestamp: now });
  expect(sent(['timestamp=5', 'data.text=7'])).toMatchObject({ timestamp: 5, data: { text: '7' } });
});

test.each([
  [['data.form=+569'], 'Did you mean data.from?'],
  [['data.text'], '--set takes path=value'],
  [['=x'], '--set takes path=value'],
])('%j is refused: %s', (changes, sentence) => {
  expect(() => sent(changes)).toThrow(sentence);
});

test.each([
  ['call.faild', 'No sample of "call.faild". Did you mean call.failed? There are: '],
  ['order_1.json', 'No sample of "order_1.json". There are: '],
])('%s is neither a file nor a type: %s', (source, sentence) => {
  expect(() => eventToSend(source, { isFresh: false, changes: [] }, now)).toThrow(sentence);
});

test('a file is sent as it is', () => {
  const file = join(import.meta.dirname, '../../../package.json');
  expect(eventToSend(file, { isFresh: false, changes: [] }, now)).toMatch(/^\{\n/);
});
