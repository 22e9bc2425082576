import type { Event } from '../../../lambda/zavu/event.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

/** The lines of a worker that was given an event of this data. */
async function linesOf(
  data: Record<string, unknown>,
  handle: (event: Event) => void = () => {},
): Promise<Record<string, unknown>[]> {
  const worker = workerInMemory(handle, { hasBus: false });
  const event = { id: 'evt_1', type: 'message.delivered', timestamp: Date.now(), data };
  await worker.batch(queueRecord(JSON.stringify(event)));
  return worker.lines.map((line) => JSON.parse(line));
}

const data = { messageId: 'msg_1', to: '+1', channel: 'sms', status: 'delivered' };

test('of an event that is handled there is one line, which finds it by its id and by its message', async () => {
  const lines = await linesOf(data);
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'event',
      id: 'evt_1',
      type: 'message.delivered',
      outcome: 'handled',
      messageId: 'msg_1',
    },
  ]);
});

test('a handler that changes its event does not change the line', async () => {
  const [line] = await linesOf(data, (event) => Object.assign(event.data, { messageId: 'msg_2' }));
  expect(line).toMatchObject({ outcome: 'handled', messageId: 'msg_1' });
});

test.each([
  ['about no message', { ...data, messageId: undefined }],
  ['whose message has a number', { ...data, messageId: { id: 'msg_1' } }],
])('the line of an event %s names none', async (_what, changed) => {
  const handled = (await linesOf(changed)).filter(({ outcome }) => outcome === 'handled');
  expect(handled).toHaveLength(1);
  expect(handled[0]).not.toHaveProperty('messageId');
});
