import type { SQSRecord } from 'aws-lambda';
import { canaryType } from '../../../lambda/routing/canary-event.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

const data = { messageId: 'msg_1', from: '+1', worker: 'inbound' };
const event = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data };

test.each([
  ['in one batch, the canary first', (a: SQSRecord, b: SQSRecord) => [[a, b]]],
  ['in one batch, the event first', (a: SQSRecord, b: SQSRecord) => [[b, a]]],
  ['one after another', (a: SQSRecord, b: SQSRecord) => [[a], [b]]],
])('an event of the canary and another of the same id, %s: both are handled', async (_how, batchesOf) => {
  const handled: string[] = [];
  const worker = workerInMemory(({ type }) => void handled.push(type));
  const ofCanary = queueRecord(JSON.stringify({ ...event, type: canaryType }), { messageId: 'a' });
  for (const batch of batchesOf(ofCanary, queueRecord(JSON.stringify(event), { messageId: 'b' }))) {
    expect(await worker.batch(...batch)).toEqual([]);
  }
  expect(handled).toEqual(['message.inbound']);
  expect([...worker.handling.keys]).toEqual(['evt_1']);
  expect([...worker.canary.keys]).toEqual(['evt_1']);
  expect(worker.published.map(({ type }) => type)).toEqual(['message.inbound']);
  expect(worker.lines.join()).not.toContain('duplicate');
});
