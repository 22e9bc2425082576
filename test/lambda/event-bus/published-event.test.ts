import { publishedEventOf } from '../../../lambda/event-bus/published-event.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1_705_312_215_999,
  data: { messageId: 'msg_1', from: '+1', text: 'hello' },
};

test('an event is published as it was read, whatever its handler does to it, and once', async () => {
  const worker = workerInMemory((handled) => {
    Object.assign(handled, { id: 'evt_2', type: 'message.sent', timestamp: 0 });
    Object.assign(handled.data, { text: 'changed', internal: 'not for subscribers' });
  });
  const body = JSON.stringify(event).replace('"type"', '"type":"message.odd","type"');
  expect(await worker.batch(queueRecord(body))).toEqual([]);
  expect(await worker.batch(queueRecord(body))).toEqual([]);
  expect(worker.published).toEqual([
    { type: event.type, timestamp: event.timestamp, detail: JSON.stringify(event) },
  ]);
  expect([...worker.publication.keys]).toEqual(['evt_1']);
});

test('what was odd in an envelope is published as handlers get it', async () => {
  const worker = workerInMemory(() => undefined);
  const odd = { ...event, id: 7, timestamp: new Date(event.timestamp).toISOString(), senderId: {} };
  await worker.batch(queueRecord(JSON.stringify(odd)));
  const [{ detail = '', ...rest } = {}] = worker.published;
  expect(rest).toEqual({ type: event.type, timestamp: event.timestamp });
  expect(JSON.parse(detail)).toEqual({ ...event, id: '7' });
});

test('an event that is nested too deeply to be written is handled all the same', async () => {
  const deep = `${'['.repeat(250_000)}${']'.repeat(250_000)}`;
  const body = JSON.stringify(event).replace(/}$/, `,"deep":${deep}}`);
  expect(publishedEventOf(JSON.parse(body))).toEqual({
    type: event.type,
    timestamp: event.timestamp,
    detail: undefined,
  });
  let handled = 0;
  const worker = workerInMemory(() => {
    handled++;
  });
  expect(await worker.batch(queueRecord(body))).toEqual([]);
  expect(handled).toBe(1);
});
