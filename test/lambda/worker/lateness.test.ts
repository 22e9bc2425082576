import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import { canaryType } from '../../../lambda/routing/canary-event.ts';
import { latenessOfDeadLetter } from '../../../lambda/worker/lateness.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

const data = { messageId: 'msg_1', from: '+1', worker: 'inbound' };
const event = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data };

/** What was logged of the end of an event that was sent some time ago. */
async function endOf(
  agoMs: number,
  attributes: Record<string, string> = {},
  { handle = () => {}, type = event.type }: { handle?: () => void; type?: string } = {},
): Promise<Record<string, unknown>> {
  const worker = workerInMemory(handle);
  const record = queueRecord(JSON.stringify({ ...event, type }), { attributes });
  await worker.batch({
    ...record,
    attributes: { ...record.attributes, SentTimestamp: String(Date.now() - agoMs) },
  });
  const ends = worker.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'event');
  expect(ends).toHaveLength(1);
  return ends[0];
}

const fail = () => {
  throw new PermanentFailure('never');
};

test('an event is late if it was handled more than a minute after its queue took it', async () => {
  expect(await endOf(0)).toMatchObject({ outcome: 'handled', late: 0 });
  expect(await endOf(50_000)).toMatchObject({ outcome: 'handled', late: 0 });
  expect(await endOf(61_000)).toMatchObject({ outcome: 'handled', late: 1 });
});

test('a dead-lettered event is late, however soon', async () => {
  expect(await endOf(0, {}, { handle: fail })).toMatchObject({ outcome: 'dead_lettered', late: 1 });
});

test('a retried event is not at its end', async () => {
  const handle = () => {
    throw new Error('not now');
  };
  expect(await endOf(90_000, {}, { handle })).toMatchObject({ outcome: 'retried' });
  expect(await endOf(90_000, {}, { handle })).not.toHaveProperty('late');
});

test.each([
  ['was redriven', { resent: 'redrive' }],
  ['was replayed', { resent: 'replay' }],
  ['the console redrove', { reason: 'attempts_exhausted' }],
])('an event that %s does not count', async (_what, attributes) => {
  expect(await endOf(90_000, attributes)).not.toHaveProperty('late');
  expect(await endOf(0, attributes, { handle: fail })).not.toHaveProperty('late');
});

test('the canary does not count, nor does a time that SQS does not say', async () => {
  expect(await endOf(90_000, {}, { type: canaryType })).toMatchObject({ outcome: 'handled' });
  expect(await endOf(90_000, {}, { type: canaryType })).not.toHaveProperty('late');
  expect(await endOf(Number.NaN)).not.toHaveProperty('late');
});

test('what is no event does not count as dead-lettered, and what was handled before counts once', () => {
  const record = queueRecord('');
  const envelope = { ...event, drift: [] };
  expect(latenessOfDeadLetter(record, undefined, 'malformed_message')).toEqual({ late: undefined });
  expect(latenessOfDeadLetter(record, envelope, 'not_published')).toEqual({ late: undefined });
  expect(latenessOfDeadLetter(record, { ...envelope, type: canaryType }, 'claim_unavailable')).toEqual({
    late: undefined,
  });
  expect(latenessOfDeadLetter(record, envelope, 'no_handler')).toEqual({ late: 1 });
});
