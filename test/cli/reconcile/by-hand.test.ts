import { reconcileByHand } from '../../../cli/reconcile/by-hand.ts';
import { UsageError } from '../../../cli/shared/command.ts';
import { listNames } from '../../../lambda/reconcile/api/zavu-project.ts';
import { ReconcilingDeployment } from '../../support/reconciling-deployment.ts';
import { simulateHistory } from '../../support/zavu-api/history.ts';

const hourMs = 3_600_000;
let given: ReconcilingDeployment;

beforeAll(async () => {
  given = await ReconcilingDeployment.start();
});
afterAll(() => given.stop());

const ago = (hours: number) => Date.now() - hours * hourMs;
const run = (options: Partial<Parameters<typeof reconcileByHand>[1]>, of = given.deployment) =>
  reconcileByHand(of, {
    from: ago(30),
    to: ago(20),
    types: [],
    isForced: false,
    isDryRun: false,
    signal: new AbortController().signal,
    ...options,
  });

test.each([
  [
    'that ends less than 6 hours ago',
    { from: ago(10), to: ago(5.9) },
    'Zavu may still send what is less than 6 hours old.',
  ],
  ['that begins less than 6 hours ago', { from: ago(5), to: undefined }, 'Zavu may still send'],
  [
    'of a type that no worker handles',
    { types: ['message.odd', 'message.sent'] },
    'No worker of Shop handles message.odd.',
  ],
])('a span %s is refused, and Zavu is not asked', async (_case, options, sentence) => {
  const error: unknown = await run(options).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(`${error}`).toContain(sentence);
  expect(given.zavu.calls).toEqual([]);
});

test('a deployment that does not reconcile is refused, with what switches it on', async () => {
  await expect(run({}, given.notReconciling)).rejects.toThrow(
    'Shop does not reconcile. Switch it on: `npx cdk deploy -c reconcile=true`.',
  );
});

test('a span from before the first run is refused, unless it is a dry run or forced', async () => {
  await expect(run({})).rejects.toThrow(
    'Shop has made no run of these types yet. It may have handled events from before',
  );
  const since = ago(25);
  for (const list of listNames)
    await given.progress.save(given.zavu.project.id, list, { since, doneTo: since });
  const refusal: unknown = await run({}).catch((thrown) => thrown);
  expect(refusal).toBeInstanceOf(UsageError);
  expect(`${refusal}`).toContain(`Shop compares since ${new Date(since).toISOString()}.`);
  expect(`${refusal}`).toContain('say --force.');

  for (const options of [{ isDryRun: true }, { isForced: true }, { from: since }]) {
    expect(await run(options)).toEqual([expect.objectContaining({ recovered: {}, isComplete: true })]);
  }
});

test('a dry run counts what is missing, of the types that are asked for, and puts nothing into a queue', async () => {
  const { zavu, deployment } = given;
  const span = { from: ago(29), to: ago(28) };
  const history = { seed: 1, projectId: zavu.project.id, senderIds: ['snd_1'] as const, messages: 20 };
  zavu.project.load(simulateHistory({ ...history, senderIds: ['snd_1'], ...span }).versions);
  // Without a queue nothing could be put anywhere.
  expect(Object.keys(deployment.outputs).filter((name) => name.endsWith('QueueUrl'))).toEqual([]);
  const [report] = await run({ isDryRun: true, types: ['message.inbound'] });
  expect(Object.keys(report?.recovered ?? {})).toEqual(['message.inbound']);
  expect(report).toMatchObject({ had: 0, impossible: 0, isComplete: true, bounds: [] });
  const [all] = await run({ isDryRun: true });
  expect(Object.keys(all?.recovered ?? {})).toEqual(
    expect.arrayContaining(['message.inbound', 'conversation.new']),
  );
});

test('while the hourly run holds the lease it is refused, and says what to do', async () => {
  const lease = await given.progress.acquire(given.zavu.project.id, 'hourly');
  await expect(run({ isDryRun: true })).rejects.toThrow(
    'The hourly run is under way. Run the same command again',
  );
  await lease?.release();
});
