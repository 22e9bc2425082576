import { createKeeper, type Keeper } from '../../../lambda/pauses/handler.ts';
import type { Pause } from '../../../lambda/pauses/pause-records.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

const now = 1_788_264_000_000;
const lasting = { since: now - 60_000, until: now + 60_000 };
const over = { since: now - 60_000, until: now };

/** A keeper of workers, each with its pause and with what Lambda does; and what it did and logged. */
function keeper(
  workers: Record<string, { pause?: Pause; polls: boolean | undefined }>,
  parts: Partial<Keeper> = {},
) {
  const done: string[] = [];
  const lines: string[] = [];
  const run = createKeeper({
    sources: Object.keys(workers).map((worker) => ({ worker, id: `id-${worker}`, longestPauseSeconds: 600 })),
    find: async (worker) => workers[worker]?.pause,
    remove: async (worker) => void done.push(`remove ${worker}`),
    isPolling: async (id) => workers[id.slice(3)]?.polls,
    setPolling: async (id, isOn) => void done.push(`${isOn ? 'start' : 'stop'} ${id}`),
    now: () => now,
    log: createLogger({}, (line) => void lines.push(line)),
    ...parts,
  });
  const logged = () =>
    lines.map((line) => {
      const { message, worker, reason } = JSON.parse(line);
      return [message, worker, ...(reason ? [reason] : [])].join(' ');
    });
  return { run, done, logged };
}

test('a worker that is not paused costs nothing and logs nothing', async () => {
  const { run, done, logged } = keeper({ inbound: { polls: true } });
  await run();
  expect([done, logged()]).toEqual([[], []]);
});

test('a pause that lasts is told in each run', async () => {
  const { run, done, logged } = keeper({ inbound: { pause: lasting, polls: false } });
  await run();
  expect([done, logged()]).toEqual([[], ['paused inbound']]);
});

test('an event source that a deployment started is stopped again', async () => {
  const { run, done, logged } = keeper({ inbound: { pause: lasting, polls: true } });
  await run();
  expect([done, logged()]).toEqual([['stop id-inbound'], ['pause_restored inbound', 'paused inbound']]);
});

test('a pause that is over ends: the event source first, so that a run that dies in between is made up for', async () => {
  const { run, done, logged } = keeper({ inbound: { pause: over, polls: false } });
  await run();
  expect([done, logged()]).toEqual([['start id-inbound', 'remove inbound'], ['pause_ended inbound']]);
});

test.each([
  ['that is over stays recorded', over, 'start'],
  ['that lasts is not taken for kept', lasting, 'stop'],
])(
  'while Lambda is busy with a change of a deployment, a pause %s, and the run fails',
  async (_what, pause, asked) => {
    const changes: string[] = [];
    const { run, done, logged } = keeper(
      { inbound: { pause, polls: undefined } },
      {
        async setPolling(_id, isOn) {
          changes.push(isOn ? 'start' : 'stop');
          throw Object.assign(new Error('busy'), { name: 'ResourceInUseException' });
        },
      },
    );
    await expect(run()).rejects.toThrow('The pauses of some workers were not kept.');
    expect([changes, done, logged()]).toEqual([[asked], [], []]);
  },
);

test('an event source that a deployment changes is not told to be off', async () => {
  const { run, done, logged } = keeper({ inbound: { polls: undefined } });
  await run();
  expect([done, logged()]).toEqual([[], []]);
});

test('an event source that is off without a pause stays, and is told', async () => {
  const { run, done, logged } = keeper({ inbound: { polls: false } });
  await run();
  expect([done, logged()]).toEqual([[], ['paused inbound no_record']]);
});

test('a person who resumes the worker during a run is not overruled', async () => {
  let looks = 0;
  const { run, done, logged } = keeper(
    { inbound: { polls: true } },
    { find: async () => (++looks === 1 ? lasting : undefined) },
  );
  await run();
  expect([done, logged()]).toEqual([['stop id-inbound', 'start id-inbound'], []]);
});

test('what fails for one worker is kept for the others, and the run fails', async () => {
  const { run, done } = keeper(
    { inbound: { pause: lasting, polls: true }, delivery: { pause: lasting, polls: true } },
    {
      isPolling: async (id) => {
        if (id === 'id-inbound') throw new Error('denied');
        return true;
      },
    },
  );
  await expect(run()).rejects.toThrow('The pauses of some workers were not kept.');
  expect(done).toEqual(['stop id-delivery']);
});
