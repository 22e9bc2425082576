import { type Canary, createCanary } from '../../../lambda/canary/handler.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import type { WorkerName } from '../../support/handlers.ts';

const workers: WorkerName[] = ['inbound', 'delivery'];

/** A canary whose clock runs as it sleeps, and what it posted. */
function canary(parts: Partial<Canary> = {}) {
  let time = 1_788_264_000_000;
  const posted: { event: Record<string, unknown>; secret: string }[] = [];
  const lines: string[] = [];
  const run = createCanary({
    workers,
    isPaused: async () => false,
    secrets: async () => [{ secret: 'whsec_a' }],
    async post(body, secret) {
      posted.push({ event: JSON.parse(body), secret });
      return 200;
    },
    isHandled: async () => true,
    withinMs: 60_000,
    now: () => time,
    async sleep(milliseconds) {
      time += milliseconds;
    },
    log: createLogger({}, (line) => void lines.push(line)),
    ...parts,
  });
  return { run, posted, lines };
}

test('sends every worker an event of its own, and is content when each is handled', async () => {
  const { run, posted, lines } = canary();
  await run();
  expect(posted.map(({ event }) => event)).toEqual(
    workers.map((worker) => ({
      id: expect.stringMatching(/^canary_\d+_[0-9a-f]{8}$/),
      type: 'zavu-webhooks.canary',
      timestamp: 1_788_264_000_000,
      data: { worker },
    })),
  );
  expect(lines).toHaveLength(workers.length);
});

test('signs with a secret that still counts, as whoever it is bound to', async () => {
  const { run, posted } = canary({
    secrets: async () => [
      { secret: 'whsec_old', expiresAt: '2020-01-01T00:00:00Z' },
      { secret: 'whsec_bound', sender: 'snd_a', project: 'prj_a' },
    ],
  });
  await run();
  expect(posted[0]).toMatchObject({
    secret: 'whsec_bound',
    event: { senderId: 'snd_a', projectId: 'prj_a' },
  });
});

test.each<[string, Partial<Canary>, string]>([
  ['the receiver refuses', { post: async () => 401 }, 'The receiver answered 401 to the event for inbound.'],
  [
    'a worker does not handle it in time',
    { workers: ['inbound'], isHandled: async () => false },
    'The inbound worker did not handle its event in time.',
  ],
  ['there is no secret', { secrets: async () => [] }, 'There is no live signing secret to sign with.'],
])('%s: it fails, and says at which step', async (_what, parts, message) => {
  await expect(canary(parts).run()).rejects.toThrow(message);
});

test('sends a paused worker nothing, and says so in its log', async () => {
  const { run, posted, lines } = canary({
    isPaused: async (worker) => worker === 'inbound',
    isHandled: async () => true,
  });
  await run();
  expect(posted.map(({ event }) => event.data)).toEqual([{ worker: 'delivery' }]);
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ message: 'canary', worker: 'inbound', state: 'paused' }),
  );
});

test('waits until a late worker has handled it', async () => {
  let asked = 0;
  const { run } = canary({ workers: ['inbound'], isHandled: async () => ++asked > 50 });
  await run();
  expect(asked).toBe(51);
});
