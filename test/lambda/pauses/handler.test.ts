import type { Backlog } from '../../../lambda/pauses/backlog.ts';
import { createKeeper, type Keeper } from '../../../lambda/pauses/handler.ts';
import type { Pause } from '../../../lambda/pauses/pause.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

const now = 1_788_264_000_000;
const minute = 60_000;
const lasting: Pause = { since: now - minute, until: now + minute };
const over: Pause = { since: now - minute, until: now };
/** One that ended two runs ago. */
const ended: Pause = { since: now - 30 * minute, until: now - 10 * minute, hasEnded: true };
/** How long a worker may be paused, and how long its queue keeps an event. An event lives for an hour at the most. */
const longestPauseSeconds = 9 * 3600;
const retentionSeconds = 10 * 3600;

interface WorkerSeen {
  pause?: Pause | undefined;
  polls: boolean | undefined;
  backlog?: Backlog;
}

/** A keeper of workers, each with its pause, its queue, and with what Lambda does; and what it did and logged. */
function keeper(workers: Record<string, WorkerSeen>, parts: Partial<Keeper> = {}) {
  const done: string[] = [];
  const lines: string[] = [];
  const run = createKeeper({
    sources: Object.keys(workers).map((worker) => ({ worker, id: `id-${worker}`, longestPauseSeconds })),
    retentionSeconds,
    latest: async (worker) => workers[worker]?.pause,
    async replace(worker, _found, by) {
      const state = by && (by.drained === undefined ? 'end' : 'drained');
      done.push(`${state ?? 'remove'} ${worker}`);
      const seen = workers[worker];
      if (seen) seen.pause = by;
      return true;
    },
    async backlog(worker) {
      const { backlog } = workers[worker] ?? {};
      if (!backlog) throw new Error('nobody should look at this queue');
      return backlog;
    },
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
  expect([done, logged()]).toEqual([['start id-inbound', 'end inbound'], ['pause_ended inbound']]);
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

test.each([
  ['has ended', ended],
  ['is gone', undefined],
])('a person who resumes the worker during a run is not overruled: the record %s', async (_what, found) => {
  let looks = 0;
  const { run, done, logged } = keeper(
    { inbound: { polls: true } },
    { latest: async () => (++looks === 1 ? lasting : found) },
  );
  await run();
  expect([done, logged()]).toEqual([['stop id-inbound', 'start id-inbound'], []]);
});

test('what a run stopped after the end is started by the next runs, and after them it is somebody else’s', async () => {
  const { run, done, logged } = keeper({ inbound: { pause: ended, polls: false } });
  await run();
  expect([done, logged()]).toEqual([['start id-inbound'], ['pause_ended inbound stopped_again']]);

  const later = keeper({ inbound: { pause: { ...ended, until: now - 16 * minute }, polls: false } });
  await later.run();
  expect([later.done, later.logged()]).toEqual([[], ['paused inbound no_record']]);
});

test('the record of an event source is looked at after it, so that a pause that begins meanwhile is not undone', async () => {
  let pause = ended;
  const { run, done } = keeper(
    { inbound: { polls: false } },
    {
      async isPolling() {
        pause = lasting;
        return false;
      },
      latest: async () => pause,
    },
  );
  await run();
  expect(done).toEqual([]);
});

test('the record of a pause goes when its queue is seen empty twice', async () => {
  const backlog = { waiting: 5, hidden: 3 };
  const { run, done, logged } = keeper({ inbound: { pause: ended, polls: true, backlog } });
  await run();
  expect(done).toEqual([]);
  backlog.waiting = 0;
  await run();
  expect(done).toEqual(['drained inbound']);
  // What backs off is of before the pause or of it.
  await run();
  backlog.hidden = 0;
  backlog.waiting = 1;
  await run();
  expect(done).toEqual(['drained inbound']);
  backlog.waiting = 0;
  await run();
  expect([done, logged()]).toEqual([['drained inbound', 'remove inbound'], []]);
});

test.each([
  ['all that waited had the time for its attempts', { ...ended, drained: now - 3600_000 }, 'remove inbound'],
  ['nearly', { ...ended, drained: now - 3600_000 + 1 }, undefined],
  ['SQS has deleted all that waited', { ...ended, until: now - retentionSeconds * 1000 }, 'remove inbound'],
  ['nearly', { ...ended, until: now - retentionSeconds * 1000 + 1 }, undefined],
  ['it began long ago and ended just now', { ...ended, since: now - retentionSeconds * 1000 }, undefined],
])('the record of a pause goes if the queue is never empty: %s', async (_what, pause, change) => {
  const { run, done } = keeper({ inbound: { pause, polls: true, backlog: { waiting: 9, hidden: 9 } } });
  await run();
  expect(done).toEqual(change ? [change] : []);
});

test('the record of a pause stays while a deployment changes the event source', async () => {
  const { run, done, logged } = keeper({ inbound: { pause: ended, polls: undefined } });
  await run();
  expect([done, logged()]).toEqual([[], []]);
});

test.each([
  ['since', { ...lasting, since: Number.NaN }],
  ['until', { ...lasting, until: Number.NaN }],
])('a pause whose `%s` is unreadable is over, and counts as long as any may last', async (_name, pause) => {
  const seen: WorkerSeen = { pause, polls: false };
  const { run, done, logged } = keeper({ inbound: seen });
  await run();
  expect(done).toEqual(['start id-inbound', 'end inbound']);
  expect(logged()).toEqual(['pause_unreadable inbound', 'pause_ended inbound']);
  const since = Number.isNaN(pause.since) ? now - longestPauseSeconds * 1000 : pause.since;
  expect(seen.pause).toEqual({ since, until: now, hasEnded: true });
});

test('a pause ends when its events are no longer safe, whatever it says', async () => {
  const pause = { since: now - longestPauseSeconds * 1000, until: now + minute };
  const { run, done } = keeper({ inbound: { pause, polls: false } });
  await run();
  expect(done).toEqual(['start id-inbound', 'end inbound']);
});

test('a pause that somebody made longer meanwhile is not told to have ended', async () => {
  const { run, logged } = keeper({ inbound: { pause: over, polls: false } }, { replace: async () => false });
  await run();
  expect(logged()).toEqual([]);
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
