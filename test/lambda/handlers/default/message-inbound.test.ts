import { handler } from '../../../../lambda/handlers/default/message-inbound.ts';
import { takesAnyData } from './any-data.ts';
import { linesOf } from './lines-of.ts';

takesAnyData(handler, 'message.inbound');

test.each([
  ['“ＳＴＯＰ”\u200b', 'opt_out'],
  ['Where is my parcel?', 'message'],
])('logs what a customer wants, and not the words (%#)', async (text, intent) => {
  const lines = await linesOf('message.inbound', handler, { text });
  expect(lines).toMatchObject([{ message: 'message_inbound', intent }]);
  expect(JSON.stringify(lines)).not.toContain(text);
});
