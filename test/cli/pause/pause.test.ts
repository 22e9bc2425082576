import { duration } from '../../../cli/pause/duration.ts';
import { earlierNote, pause, planPause, resume } from '../../../cli/pause/pause.ts';
import { pausedText, stateTable, workerStates } from '../../../cli/pause/report.ts';
import { pauseNote } from '../../../cli/shared/worker-pauses.ts';
import type { WorkerEventSource } from '../../../lambda/pauses/event-sources.ts';
import type { Pause } from '../../../lambda/pauses/pause.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-03-01T12:00:00Z');
const source: WorkerEventSource = { worker: 'inbound', id: 'id-1', longestPauseSeconds: 10 * 3600 };

test('a pause lasts as long as a person says, or as long as events are safe', () => {
  expect(planPause(source, 2 * hour, undefined, now)).toEqual({ since: now, until: now + 2 * hour });
  expect(planPause(source, undefined, undefined, now)).toEqual({ since: now, until: now + 10 * hour });
});

test('a pause that lasts already can be made longer or shorter, and its beginning counts', () => {
  const before = { since: now - 9 * hour, until: now + minute };
  expect(planPause(source, 30 * minute, before, now)).toEqual({
    since: before.since,
    until: now + 30 * minute,
  });
  expect(() => planPause(source, 2 * hour, before, now)).toThrow(
    'The inbound worker can be paused until 2026-03-01T13:00:00.000Z at the latest (1 h 0 min from now)',
  );
});

test('a pause after one that has ended counts from the beginning of that, as long as its events may wait', () => {
  const before: Pause = { since: now - 7 * hour, until: now - 6 * hour, hasEnded: true };
  const planned = planPause(source, undefined, before, now);
  expect(planned).toEqual({ since: before.since, until: now + 3 * hour });
  expect(planPause(source, 2 * hour, before, now)).toEqual({ since: before.since, until: now + 2 * hour });
  expect(earlierNote(source, planned, before)).toBe(
    'Events of the pause that began at 2026-03-01T05:00:00.000Z may still wait in its queue, so both pauses count together: until 2026-03-01T15:00:00.000Z at the latest.',
  );
  for (const none of [undefined, { since: now, until: now }])
    expect(earlierNote(source, planned, none)).toBeUndefined();
  expect(() => planPause(source, 4 * hour, before, now)).toThrow(
    /until 2026-03-01T15:00:00.000Z at the latest \(3 h 0 min from now\): .* began at 2026-03-01T05:00:00.000Z .*count together\. Let the worker empty its queue/,
  );
  expect(() => planPause(source, hour, { ...before, since: now - 10 * hour }, now)).toThrow(
    /^The inbound worker cannot be paused now: .*count together/,
  );
  // Nobody knows since when events wait.
  expect(() => planPause(source, hour, { ...before, since: Number.NaN }, now)).toThrow(
    /^The inbound worker cannot be paused now: .*Events of the pause may still wait/,
  );
});

test.each([
  ['longer than events are safe', 11 * hour, undefined],
  ['no time at all', 0, undefined],
  ['of a worker whose events are safe no longer', undefined, { since: now - 10 * hour, until: now }],
])('a pause is refused: %s', (_what, forMs, before) => {
  expect(() => planPause(source, forMs, before, now)).toThrow(
    expect.objectContaining({ name: 'UsageError' }),
  );
});

/** Lambda, which is busy at first, and the records. What is done is noted in order. */
function lambda(state: string, busy = 0) {
  const done: string[] = [];
  let recorded: Pause | undefined;
  return {
    done,
    find: async () => (recorded?.hasEnded ? undefined : recorded),
    async put(worker: string, put: Pause) {
      done.push(`${put.hasEnded ? 'end' : 'put'} ${worker} ${put.since}`);
      recorded = put;
    },
    state: async () => state,
    async setPolling(_source: unknown, isOn: boolean) {
      if (busy-- > 0) throw Object.assign(new Error('busy'), { name: 'ResourceInUseException' });
      done.push(isOn ? 'start' : 'stop');
      state = isOn ? 'Enabled' : 'Disabled';
    },
  };
}

test('the record of a pause comes before Lambda, and ends before it', async () => {
  const services = lambda('Enabled', 1);
  const plan = new Map([[source, { since: now, until: now + hour }]]);
  expect(await pause(services, plan, 10_000)).toEqual(new Set(['inbound']));
  expect(await resume(services, [source], 10_000)).toEqual(new Set(['inbound']));
  expect(services.done).toEqual([`put inbound ${now}`, 'stop', `end inbound ${now}`, 'start']);
  // Once more: there is nothing to do.
  expect(await resume(services, [source], 10_000)).toEqual(new Set(['inbound']));
  expect(services.done).toHaveLength(4);
});

test('Lambda that stays busy is an error that says what to do; another error is told as it is', async () => {
  await expect(resume(lambda('Disabling', 99), [source], 0)).rejects.toThrow('Run the same command again.');
  const services = { ...lambda('Disabled'), setPolling: async () => Promise.reject(new Error('denied')) };
  await expect(resume(services, [source], 0)).rejects.toThrow('denied');
});

test('a worker is started also if Lambda was busy with a deployment that left it off', async () => {
  const services = lambda('Disabled');
  const states = ['Updating'];
  let isUpdating = true;
  const busy = {
    ...services,
    async state() {
      const state = states.shift();
      isUpdating = state !== undefined;
      return state ?? (await services.state());
    },
    async setPolling(of: unknown, isOn: boolean) {
      if (isUpdating) throw Object.assign(new Error('busy'), { name: 'ResourceInUseException' });
      await services.setPolling(of, isOn);
    },
  };
  expect(await resume(busy, [source], 10_000)).toEqual(new Set(['inbound']));
  expect(services.done).toEqual(['start']);
});

test('Lambda that takes long is told, and is no error', async () => {
  const services = { ...lambda('Enabled'), state: async () => 'Disabling' };
  expect(await pause(services, new Map([[source, { since: now, until: now }]]), 0)).toEqual(new Set());
});

test('a person reads until when events are safe, and what waits', () => {
  const state = {
    worker: 'inbound',
    isPaused: true,
    since: new Date(now).toISOString(),
    until: new Date(now + 26 * hour).toISOString(),
    waiting: 12,
    hidden: 3,
  };
  expect(pausedText(state, true, undefined, now)).toMatch(
    /until 2026-03-02T14:00:00.000Z \(1 d 2 h\)[\s\S]*12 events wait, and 3/,
  );
  expect(pausedText(state, true, undefined, now)).not.toContain('still stopping');
  expect(pausedText(state, false, 'Both count together.', now)).toContain('still stopping');
  expect(pausedText(state, false, 'Both count together.', now)).toContain('\n  Both count together.\n');
  const off = { worker: 'delivery', isPaused: true, waiting: 0, hidden: 0 };
  const text = stateTable([state, off, { ...off, worker: 'account', isPaused: false }], now);
  expect(text).toMatch(/inbound +paused +2026-03-01T12:00:00.000Z +2026-03-02T14:00:00.000Z \(in 1 d 2 h\)/);
  expect(text).toMatch(/account +takes events/);
  expect(text).toContain('The event source of the delivery worker is off, and no pause is recorded');
});

test('a pause that nobody can read is told without its times, and a worker whose pause has ended takes events', async () => {
  const queues = { ofWorker: () => ({ figures: async () => ({ visible: 1, hidden: 0 }) }) };
  const sources = [source];
  const state = async () => 'Disabled';
  const find = async () => ({ since: now, until: Number.NaN });
  const states = (pauses: Parameters<typeof workerStates>[0]) => workerStates(pauses, queues as never);
  expect(await states({ sources, state, find })).toEqual([
    { worker: 'inbound', isPaused: true, waiting: 1, hidden: 0 },
  ]);
  expect(await states({ sources, state: async () => 'Enabled', find: async () => undefined })).toEqual([
    { worker: 'inbound', isPaused: false, waiting: 1, hidden: 0 },
  ]);
});

test('who sends events to a worker is told of its pause', async () => {
  const pauses = {
    find: async (worker: string) => (worker === 'inbound' ? { since: now, until: now } : undefined),
  };
  expect(await pauseNote(pauses, 'inbound')).toContain('npx zavu-webhooks resume --worker inbound');
  expect(await pauseNote(pauses, 'delivery')).toBeUndefined();
});

test.each([
  [0, '0 min'],
  [119 * minute, '1 h 59 min'],
  [93 * hour, '3 d 21 h'],
])('%d ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
