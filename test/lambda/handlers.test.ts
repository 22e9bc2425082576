import { intentOf } from '../../lambda/handlers/message-inbound.ts';

test.each([
  ['STOP', 'opt-out'],
  [' baja. ', 'opt-out'],
  ['Start', 'opt-in'],
  ['ayuda', 'help'],
  ['please stop by', 'message'],
  ['constructor', 'message'],
  ['', 'empty'],
  [null, 'empty'],
])('%j is %s', (text, intent) => {
  expect(intentOf(text, undefined)).toBe(intent);
  expect(intentOf(text, 'text')).toBe(intent);
});

test('what is not text says what it is', () => {
  expect(intentOf('👍', 'reaction')).toBe('reaction');
});
