import type Zavudev from '@zavudev/sdk';
import { LeaseLost, leaseMs } from '../../../lambda/reconcile/progress/lease.ts';
import { settledAfterMs } from '../../../lambda/reconcile/window.ts';
import { hourMs, type SimulatedProject, SimulatedZavu } from '../../support/reconcile/simulated-project.ts';

/** What a run looks at and what it does not, message by message. */
let zavu: SimulatedZavu;
let project: SimulatedProject;
beforeAll(async () => {
  zavu = await SimulatedZavu.start();
});
beforeEach(() => {
  project = zavu.project();
});
afterEach(() => {
  zavu.api.onRequest = () => undefined;
});
afterAll(() => zavu.stop());

const dayMs = 24 * hourMs;

/** A message to a customer that nobody has told of, as it is from now on. */
function tell(id: string, status: Zavudev.Message['status'], createdAt = project.clock.now()): void {
  const object: Zavudev.Message = {
    id: `${project.id}_${id}`,
    channel: 'whatsapp',
    direction: 'outbound',
    from: '+14155551234',
    to: '+56912345678',
    messageType: 'text',
    status,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(project.clock.now()).toISOString(),
  };
  project.stored.put({ list: 'messages', at: project.clock.now(), object });
}

/** What was put into the queues, and is handled then. */
async function fed(): Promise<string[]> {
  const before = project.workers.fed.length;
  await project.run();
  await project.drain();
  return project.workers.fed
    .slice(before)
    .map(({ id }) => id.replace(`reconciled:message:${project.id}_`, ''));
}

/** Sets the progress of all that is reconciled. */
const setProgress = (since: number, doneTo: number, walk?: { from: number; to: number; pages: number }) =>
  project.progress.save(project.id, 'messages', {
    since,
    doneTo,
    ...(walk ? { walk: { ...walk, startedAt: walk.to } } : {}),
  });

test('a first run recovers nothing from before', async () => {
  tell('early', 'failed');
  await project.pass(10 * hourMs);
  expect(await fed()).toEqual([]);
  await project.pass(1);
  tell('late', 'failed');
  await project.pass(settledAfterMs);
  expect(await fed()).toEqual(['late:failed']);
});

test('what is not 6 hours old is left to Zavu', async () => {
  await project.run();
  await project.pass(1);
  tell('one', 'failed');
  await project.pass(settledAfterMs - 1);
  expect(await fed()).toEqual([]);
  await project.pass(1);
  expect(await fed()).toEqual(['one:failed']);
  expect(await fed()).toEqual([]);
});

test('an object that is listed late is found by the next run', async () => {
  await project.run();
  await project.pass(hourMs);
  const createdAt = project.clock.now();
  await project.pass(settledAfterMs + 1);
  expect(await fed()).toEqual([]);
  tell('late', 'failed', createdAt);
  const [version] = project.stored.at('messages', project.clock.now());
  const object = { ...(version?.object as Zavudev.Message), updatedAt: new Date(createdAt).toISOString() };
  project.stored.put({ list: 'messages', at: project.clock.now(), object });
  await project.pass(hourMs);
  expect(await fed()).toEqual(['late:failed']);
});

test('a message that arrives later, and is read later, is asked for again', async () => {
  await project.run();
  await project.pass(1);
  const createdAt = project.clock.now();
  tell('one', 'sent');
  await project.pass(settledAfterMs + hourMs);
  expect(await fed()).toEqual(['one:sent']);
  tell('one', 'delivered', createdAt);
  await project.pass(hourMs);
  expect(await fed()).toEqual([]);
  await project.pass(settledAfterMs);
  expect(await fed()).toEqual(['one:delivered']);
  tell('one', 'read', createdAt);
  await project.pass(settledAfterMs + 1);
  expect(await fed()).toEqual(['one:read']);
  expect(await project.progress.countOpen(project.id, 'unread')).toBe(0);
});

test('a message that is not final is put into a queue once in a run', async () => {
  await project.run();
  await project.pass(1);
  tell('one', 'delivered');
  await project.pass(settledAfterMs + 1);
  expect(await fed()).toEqual(['one:delivered']);
});

test('of too many messages that are not final the oldest are asked for, and the others by the next run', async () => {
  await project.run();
  for (const name of ['a', 'b', 'c']) {
    await project.pass(1);
    tell(name, 'sent');
  }
  await project.pass(settledAfterMs + 1);
  expect(await fed()).toHaveLength(3);
  // Walks do not look at them any more.
  await project.pass(hourMs);
  expect(await fed()).toEqual([]);
  for (const { id, object } of project.stored.at('messages', project.clock.now())) {
    const name = id.replace(`${project.id}_`, '');
    tell(name, 'failed', Date.parse(String(object.createdAt)));
  }
  await project.pass(settledAfterMs + 1);
  const before = project.workers.fed.length;
  expect(await project.run({ change: () => ({ maxOpenMessages: 2 }) })).toMatchObject({
    bounds: [],
    recovered: { 'message.failed': 2 },
  });
  expect(project.workers.fed.slice(before).map(({ id }) => id.at(-8))).toEqual(['a', 'b']);
  await project.drain();
  expect(await fed()).toEqual(['c:failed']);
});

test('what happened more than 7 days ago is not recovered, and the report says so', async () => {
  const start = project.clock.now();
  tell('old', 'failed');
  await project.pass(2 * dayMs);
  tell('young', 'failed');
  await project.pass(6 * dayMs);
  await setProgress(start - dayMs, start - dayMs);
  expect(await project.run()).toMatchObject({ bounds: ['look_back'], recovered: { 'message.failed': 1 } });
  expect(project.workers.fed.map(({ id }) => id)).toEqual([`reconciled:message:${project.id}_young:failed`]);
});

test('a walk that was cut short more than 7 days ago goes on with what is younger', async () => {
  const start = project.clock.now();
  tell('old', 'failed');
  await project.pass(2 * dayMs);
  tell('young', 'failed');
  await project.pass(6 * dayMs);
  await setProgress(start - dayMs, start - dayMs, { from: start - dayMs, to: start + 3 * dayMs, pages: 0 });
  expect(await project.run()).toMatchObject({ bounds: ['look_back'] });
  expect(project.workers.fed.map(({ id }) => id)).toEqual([`reconciled:message:${project.id}_young:failed`]);
});

test('a list with more pages than the bound is left there, and the report says so', async () => {
  const start = project.clock.now();
  await project.pass(1);
  tell('one', 'failed');
  tell('two', 'failed');
  zavu.api.onRequest = ({ query }) => void query.set('limit', '1');
  await project.pass(settledAfterMs + hourMs);
  await setProgress(start, start, { from: start, to: start + hourMs, pages: 24_999 });
  expect(await project.run()).toMatchObject({
    bounds: ['pages'],
    isComplete: true,
    recovered: { 'message.failed': 1 },
  });
  expect(await project.progress.read(project.id, 'messages')).toMatchObject({
    since: start,
    doneTo: start + hourMs,
  });
});

test('of two runs at once one does nothing', async () => {
  await project.run();
  await project.pass(1);
  tell('one', 'failed');
  await project.pass(settledAfterMs + 1);
  const runs = await Promise.all([project.run(), project.run()]);
  expect(runs.filter((report) => report === undefined)).toHaveLength(1);
  expect(project.workers.fed).toHaveLength(1);
});

test('a run that has lost its lease does nothing more', async () => {
  await project.run();
  await project.pass(1);
  tell('one', 'failed');
  await project.pass(settledAfterMs + 1);
  let other: unknown;
  zavu.api.onRequest = async ({ path }) => {
    if (path !== '/v1/messages') return undefined;
    zavu.api.onRequest = () => undefined;
    project.clock.advance(leaseMs);
    other = await project.run();
    return undefined;
  };
  await expect(project.run()).rejects.toThrow(LeaseLost);
  expect(other).toMatchObject({ recovered: { 'message.failed': 1 } });
  expect(project.workers.fed).toHaveLength(1);
});
