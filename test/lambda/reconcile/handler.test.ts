import { createReconcile } from '../../../lambda/reconcile/handler.ts';
import { countRecovered, emptyReport, noteBound, recoveredIn } from '../../../lambda/reconcile/report.ts';
import type { Reconciler } from '../../../lambda/reconcile/run.ts';
import { Routes } from '../../../lambda/routing/routes.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

describe('a report', () => {
  test('counts by type, and keeps the first and the last time', () => {
    const report = emptyReport('prj_1');
    countRecovered(report, 'message.read', 20);
    countRecovered(report, 'message.inbound', 10);
    countRecovered(report, 'message.read', 15);
    expect(report).toMatchObject({
      recovered: { 'message.read': 2, 'message.inbound': 1 },
      first: 10,
      last: 20,
    });
    expect(recoveredIn(report)).toBe(3);
    expect(recoveredIn(emptyReport('prj_1'))).toBe(0);
  });

  test('notes a bound once', () => {
    const report = emptyReport('prj_1');
    for (const bound of ['pages', 'look_back', 'pages'] as const) noteBound(report, bound);
    expect(report.bounds).toEqual(['pages', 'look_back']);
  });
});

/** What can go wrong with a project. */
interface Trouble {
  identity?: Error;
  isTestMode?: boolean;
  isBusy?: boolean;
  registrations?: Error;
}

/** Runs the reconciler for projects by their keys, whose workers handle nothing that a list could tell. */
async function run(projects: Readonly<Record<string, Trouble>>, apiKeys = async () => Object.keys(projects)) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({}, (line) => lines.push(JSON.parse(line)));
  const checked: string[] = [];
  const released: string[] = [];
  const reconcilerOf = (apiKey: string) => {
    const { identity, isTestMode = false, isBusy } = projects[apiKey] ?? {};
    return {
      project: {
        async identity() {
          if (identity) throw identity;
          return { projectId: `project_of_${apiKey}`.replace('zv_live_', ''), isTestMode };
        },
      },
      progress: {
        acquire: async (projectId: string) =>
          isBusy ? undefined : { renew: async () => {}, release: async () => void released.push(projectId) },
      },
      routes: new Routes([['account', ['domain.verified']]]),
      holder: apiKey,
      log,
    } as unknown as Reconciler;
  };
  const reconcile = createReconcile({
    apiKeys,
    reconcilerOf,
    async checkRegistrations({ holder }) {
      const { registrations } = projects[holder] ?? {};
      if (registrations) throw registrations;
      checked.push(holder);
    },
    now: () => 0,
    log,
  });
  const error: unknown = await reconcile().then(
    () => undefined,
    (thrown) => thrown,
  );
  return { lines, checked, released, error };
}
const states = (lines: readonly Record<string, unknown>[]) =>
  lines.map(({ message, state, error }) => [message, state ?? error].filter(Boolean).join(' '));

test('each project has its report and its check, and a line says that the run came to its end', async () => {
  const { lines, checked, released, error } = await run({ zv_live_a: {}, zv_live_b: {} });
  expect(error).toBeUndefined();
  expect(states(lines).filter((line) => /reconciled complete|reconcile_ended/.test(line))).toEqual([
    'reconciled complete',
    'reconciled complete',
    'reconcile_ended complete',
  ]);
  expect(checked).toEqual(['zv_live_a', 'zv_live_b']);
  expect(released).toEqual(['project_of_a', 'project_of_b']);
});

test('a project that fails does not keep the others from their run, and the run is no complete one', async () => {
  const { lines, checked, error } = await run({
    zv_live_a: { identity: new TypeError('no answer') },
    zv_live_b: {},
  });
  expect(error).toBeInstanceOf(AggregateError);
  expect(states(lines)).toEqual(
    expect.arrayContaining([
      'reconcile_failed TypeError',
      'reconciled complete',
      'reconcile_ended cut_short',
    ]),
  );
  expect(checked).toEqual(['zv_live_a', 'zv_live_b']);
});

test('a check that fails counts, too', async () => {
  const { lines, error } = await run({ zv_live_a: { registrations: new Error('no answer') } });
  expect(error).toBeInstanceOf(AggregateError);
  expect(states(lines)).toContain('reconciled complete');
  expect(states(lines).at(-1)).toBe('reconcile_ended cut_short');
});

test('a key of test mode is refused', async () => {
  const { lines, error } = await run({ zv_live_a: { isTestMode: true } });
  expect(error).toBeInstanceOf(AggregateError);
  expect(states(lines)).toContain('reconcile_failed TestKeyRefused');
  expect(states(lines).at(-1)).toBe('reconcile_ended cut_short');
});

test('while somebody else holds the lease there is no report, and it is no failure', async () => {
  const { lines, checked, error } = await run({ zv_live_a: { isBusy: true } });
  expect(error).toBeUndefined();
  expect(states(lines)).toEqual(['reconcile_busy', 'reconcile_ended cut_short']);
  expect(checked).toEqual(['zv_live_a']);
});

test('without a key it throws, and no line says that a run ended', async () => {
  const { lines, error } = await run({}, async () => {
    throw new Error('There is no API key of Zavu in the secret.');
  });
  expect(error).toBeInstanceOf(Error);
  expect(lines).toEqual([]);
});

test('no line has a key in it, not even if an error quotes it', async () => {
  const { lines } = await run({
    zv_live_secret_1: { identity: new Error('zv_live_secret_1 is revoked') },
    zv_live_secret_2: {},
  });
  expect(lines.length).toBeGreaterThan(2);
  expect(JSON.stringify(lines)).not.toContain('zv_live_');
});
