import { handler } from '../../../../lambda/handlers/default/message-failed.ts';
import { takesAnyData } from './any-data.ts';
import { linesOf } from './lines-of.ts';

takesAnyData(handler, 'message.failed');

test.each<[unknown, object]>([
  ['21610', { errorCode: '21610', reason: 'opted_out', intent: 'stop_sending' }],
  ['30003', { errorCode: '30003', reason: 'unreachable', intent: 'may_send_again' }],
  [undefined, { errorCode: 'none', reason: 'unknown', intent: 'unknown' }],
  [
    { code: 30003, message: 'x' },
    { errorCode: '(object)', reason: 'unknown', intent: 'unknown' },
  ],
])('warns that a message failed, what its error code %j means, and what to do', async (errorCode, fields) => {
  expect(await linesOf('message.failed', handler, { errorCode })).toMatchObject([
    { level: 'WARN', message: 'message_failed', ...fields },
  ]);
});
