import type { SQSRecord } from 'aws-lambda';
import type { HandlerContext } from '../../../lambda/handlers/handler.ts';
import { claimKey } from '../../../lambda/idempotency/claim-key.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: Date.now(),
  data: { messageId: 'msg_1', from: '+1' },
};

function record(replay?: string): SQSRecord {
  return queueRecord(JSON.stringify(event), {
    messageId: `message-${replay ?? 'live'}`,
    attributes: replay ? { replay } : {},
  });
}

describe('what a message is claimed by', () => {
  const envelope = { ...event, data: {} };

  test('is its own owner’s alone', () => {
    const owners = [
      {},
      { senderId: 'snd_a' },
      { senderId: 'snd_b' },
      { projectId: 'snd_a' },
      { senderId: 'snd_a', projectId: 'prj_a' },
    ];
    const keys = owners.map((owner) => claimKey({ ...envelope, ...owner }, undefined));
    expect(new Set(keys).size).toBe(owners.length);
    for (const key of keys) expect(key).toMatch(/^evt_1(:[0-9a-f]{32})?$/);
  });

  test('is another in each forced replay', () => {
    const owned = { ...envelope, senderId: 'snd_a' };
    expect(claimKey(owned, 'run_1')).toBe(`${claimKey(owned, undefined)}:run_1`);
    expect(claimKey(envelope, 'run_1')).toBe('evt_1:run_1');
  });
});

test('in one batch, an event and its forced replays are claimed apart, and duplicates of each are one', async () => {
  const handled: Pick<HandlerContext, 'idempotencyKey' | 'replayed'>[] = [];
  const worker = workerInMemory((_event, { idempotencyKey, replayed }) => {
    handled.push({ idempotencyKey, replayed });
  });
  const records = [record(), record('run_1'), record('run_1'), record(), record('run_2')];
  expect(await worker.batch(...records)).toEqual([]);

  expect([...worker.handling.keys]).toEqual(['evt_1', 'evt_1:run_1', 'evt_1:run_2']);
  // The bus has a replay of its own.
  expect([...worker.publication.keys]).toEqual(['evt_1']);
  expect(worker.published).toHaveLength(1);
  expect(handled).toEqual([
    { idempotencyKey: 'evt_1', replayed: false },
    { idempotencyKey: 'evt_1:run_1', replayed: true },
    { idempotencyKey: 'evt_1:run_2', replayed: true },
  ]);
  const outcomes = worker.lines
    .map((line) => JSON.parse(line))
    .map(({ outcome, replay }) => [outcome, replay]);
  expect(outcomes).toContainEqual(['handled', 'run_1']);
  expect(outcomes.filter(([outcome]) => outcome === 'duplicate')).toHaveLength(2);
});
