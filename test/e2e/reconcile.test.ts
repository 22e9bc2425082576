import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createKnownItems } from '../../lambda/messages/known-items.ts';
import { type Listed, type ListName, listNames } from '../../lambda/reconcile/api/zavu-project.ts';
import { type Lease, leaseMs } from '../../lambda/reconcile/progress/lease.ts';
import { progressKey } from '../../lambda/reconcile/progress/partition.ts';
import { createProgress } from '../../lambda/reconcile/progress.ts';
import { isMissing, knownAs, reachedStates } from '../../lambda/reconcile/rebuild/reached-state.ts';
import { settledAfterMs } from '../../lambda/reconcile/window.ts';
import { parseEvent } from '../../lambda/zavu/event.ts';
import { runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { FiredAlarms } from '../support/fired-alarms.ts';
import { routes } from '../support/handlers.ts';
import type { Effect } from '../support/ledger.ts';
import { subjectsOf } from '../support/reconcile/workers.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver } from '../support/webhook.ts';
import { type History, simulateHistory } from '../support/zavu-api/history.ts';
import { StandInProject } from '../support/zavu-api/project.ts';
import { ZavuApi } from '../support/zavu-api/zavu-api.ts';

/**
 * A day in a project of Zavu, of which the stack could not be reached for three hours, and what reconciling makes of it:
 * the function as it is deployed, with its role, between a stand-in of Zavu's API and real queues and tables.
 */

const hourMs = 3_600_000;
const apiKey = 'zv_live_s3cretKey';
const projectId = 'prj_live';
/** An hour of the schedule is three seconds. */
const hourly = '--speed=1200';

let zavu: ZavuApi;
let stored: StandInProject;
let stack: StartedStack;
let dynamoDb: DynamoDBClient;

/** The day is over, and so long ago that Zavu sends nothing of it any more. */
const dayBegins = Date.now() - 31 * hourMs;
const outage = { from: dayBegins + 2 * hourMs, to: dayBegins + 5 * hourMs };

beforeAll(async () => {
  zavu = await ZavuApi.start();
  stored = new StandInProject({ id: projectId });
  zavu.projects.set(apiKey, stored);
  zavu.projects.set('zv_test_key', new StandInProject({ id: projectId, isTestMode: true }));
  stack = await StartedStack.start({
    settings: { reconcile: 'true', reconcileRequestsPerMinute: '600' },
    options: [hourly],
    env: { ZAVU_API_URL: zavu.url },
  });
  const { credentials, endpoints } = stack.ready;
  dynamoDb = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials });
});
afterAll(async () => {
  dynamoDb?.destroy();
  try {
    await stack?.stop();
  } finally {
    await zavu?.stop();
  }
});

const table = () => ({ client: dynamoDb, tableName: stack.ready.outputs.MessagesTableName ?? '' });

/** A history of the day. */
function historyOf(seed: number, messages: number, { from, to }: { from: number; to: number }): History {
  return simulateHistory({ seed, projectId, senderIds: ['jx7a', 'jx7b'], from, to, messages });
}

/** What the events of webhooks are about, by their ids. */
const subjects = new Map<string, string[]>();

function load({ versions, webhooks }: History): void {
  stored.load(versions.filter(({ at }) => at <= Date.now()));
  for (const { envelope } of webhooks) {
    const event = parseEvent(envelope)?.event;
    subjects.set(envelope.id, event ? subjectsOf(event) : []);
  }
}

const isLost = ({ at }: { at: number }) => at > outage.from && at <= outage.to;

/** Lines of the reconciler's log. */
function logged(message: string): Record<string, unknown>[] {
  return stack.reports.flatMap(({ line = '' }) =>
    line.includes(`"${message}"`) ? [JSON.parse(line) as Record<string, unknown>] : [],
  );
}

/** Waits for a run that began after this, and came to its end. */
async function nextRun(): Promise<Record<string, unknown>> {
  const before = logged('reconciled').length;
  // One may be under way.
  await eventually(
    () => logged('reconciled').length > before + 1,
    () => `another run; ${JSON.stringify(logged('reconcile_failed').slice(-3))}`,
  );
  return logged('reconciled').at(-1) ?? {};
}

/** @param ahead how much later it is than it is, in milliseconds */
const progress = (ahead = 0) => createProgress({ ...table(), clock: () => Date.now() + ahead });

/** Lets the next run begin with the day again, as the first one did. */
async function rewind(): Promise<void> {
  let lease: Lease | undefined;
  await eventually(
    async () => {
      lease = await progress().acquire(projectId, 'test');
      return lease !== undefined;
    },
    () => 'the end of the run',
  );
  for (const list of listNames) {
    const Key = marshall(progressKey(projectId, `list#${list}`));
    await dynamoDb.send(new DeleteItemCommand({ TableName: table().tableName, Key }));
    await progress().save(projectId, list, { since: dayBegins, doneTo: dayBegins });
  }
  await lease?.release();
}

/** Takes the lease from a run that was killed, as time does. */
async function freeLease(): Promise<void> {
  await (await progress(leaseMs).acquire(projectId, 'test'))?.release();
}

/** What Zavu's API tells and a worker handles, and nobody knows. */
async function missing(): Promise<string[]> {
  const known = createKnownItems(table());
  const settled = Date.now() - settledAfterMs;
  const all: string[] = [];
  const compare = async <Name extends ListName>(name: Name, object: Listed[Name]) => {
    for (const state of reachedStates(name, object)) {
      if (state.at <= dayBegins || state.at > settled || !routes.workerFor(state.type)) continue;
      const first = name === 'conversations' ? firstMessageOf(object.id) : undefined;
      const items = await Promise.all(
        knownAs(state, first).map(({ kind, id }) => known.find(kind, id, projectId)),
      );
      if (items.every((item) => isMissing(state, item))) all.push(Object.values(state.subject).join(' '));
    }
  };
  for (const name of listNames) {
    for (const { object } of stored.at(name, Date.now())) await compare(name, object as Listed[typeof name]);
  }
  return all;
}

/** Queues count their messages approximately, so empty ones are not enough. */
async function untilNoneIsMissing(): Promise<void> {
  let left: string[] = [];
  await stack.drained();
  await eventually(
    async () => {
      left = await missing();
      return left.length === 0;
    },
    () => `nothing to be missing; there is ${left}`,
  );
}

function firstMessageOf(conversationId: string): string | undefined {
  const own = stored
    .at('messages', Date.now())
    .filter(({ object }) => 'conversationId' in object && object.conversationId === conversationId);
  return own.toSorted((one, other) => one.time - other.time)[0]?.id;
}

const effects = () => stack.ledger().flatMap((line) => ('id' in line ? [line as Effect] : []));

/** What a handler saw twice: one event, or an original and what was rebuilt in its place. */
function handledTwice(): string[] {
  const ids = effects().map(({ id }) => id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  const originals = new Set(ids.flatMap((id) => subjects.get(id) ?? []));
  const both = recovered().filter((subject) => originals.has(subject));
  return [...repeated, ...both];
}

/** What the events were about that handlers saw as rebuilt. */
function recovered(): string[] {
  return effects().flatMap(({ id }) => {
    const [, kind, of, state] = /^reconciled:(\w+):(.*):([^:]+)$/.exec(id) ?? [];
    return kind ? [`${kind} ${of} ${state}`] : [];
  });
}

const secrets = (key: string) =>
  runCommand('secrets', ['api-key'], {
    stateFile: stack.stateFile,
    input: `${key}\n`,
    env: { ZAVUDEV_BASE_URL: zavu.url },
  });

let lost: History['webhooks'];

test('a key of the test mode is refused', async () => {
  expect(await secrets('zv_test_key')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('test mode'),
  });
  expect(zavu.countOf('/v1/messages')).toBe(0);
});

test('what was lost in an outage is recovered, and handled once', async () => {
  const history = historyOf(1, 100, { from: dayBegins + 1000, to: Date.now() - 7 * hourMs });
  load(history);
  lost = history.webhooks.filter(isLost);
  const told = history.webhooks.filter((webhook) => webhook.at <= Date.now() && !isLost(webhook));
  for (let index = 0; index < told.length; index += 20) {
    await Promise.all(told.slice(index, index + 20).map(({ envelope }) => deliver(stack, envelope)));
  }
  await stack.drained();
  const before = await missing();
  expect(before.length).toBeGreaterThan(20);
  expect(handledTwice()).toEqual([]);

  await rewind();
  expect(await secrets(apiKey)).toMatchObject({ code: 0 });
  await nextRun();
  await untilNoneIsMissing();
  // An item is there before its handler has run.
  await eventually(
    () => recovered().length >= before.length,
    () => `${before.length} handled events; there are ${recovered().length}`,
  );
  expect(handledTwice()).toEqual([]);
  expect(recovered().sort()).toEqual([...before].sort());
  const rebuilt = effects().filter(({ reconciled }) => reconciled);
  expect(rebuilt.map(({ id }) => id).sort()).toEqual(
    effects()
      .flatMap(({ id }) => (id.startsWith('reconciled:') ? [id] : []))
      .sort(),
  );
  expect(rebuilt).toHaveLength(before.length);
  // The same ones again, if a run came before their workers.
  expect(new Set(logged('event_recovered').map(({ id }) => id)).size).toBe(before.length);
  expect(await nextRun()).toMatchObject({ state: 'complete', recovered: 0 });
  expect(new FiredAlarms(stack).times('EventsRecovered')).toBeGreaterThan(0);
});

test('an original that comes after all is a duplicate of what was rebuilt', async () => {
  const again = new Set(recovered());
  const late = lost.filter(({ envelope }) => subjects.get(envelope.id)?.some((each) => again.has(each)));
  expect(late.length).toBeGreaterThan(20);
  for (const { envelope } of late) await deliver(stack, envelope);
  for (const { envelope } of late) {
    await stack.until(envelope.id, ['duplicate', 'handled']);
    expect(stack.effects(envelope.id)).toEqual([]);
  }
  expect(handledTwice()).toEqual([]);
});

test('runs that are killed, and two runs at once, recover the rest once', async () => {
  load(historyOf(2, 12, outage));
  const before = await missing();
  expect(before.length).toBeGreaterThan(20);
  const count = recovered().length;
  await rewind();
  const killAt = [2, 4, 9];
  let requests = 0;
  zavu.onRequest = async () => {
    if (++requests !== killAt[0]) return undefined;
    killAt.shift();
    requests = 0;
    await stack.kill('ReconcilerFunction');
    await freeLease();
    return 'hang up';
  };
  await eventually(
    () => killAt.length === 0,
    () => `runs to be killed at their requests ${killAt}`,
  );
  const span = ['--from', new Date(dayBegins).toISOString(), '--to', '6h', '--json'];
  const byHand = await startCommand('reconcile', span, {
    stateFile: stack.stateFile,
    env: { ZAVUDEV_BASE_URL: zavu.url },
  }).ended;
  // The hourly run may be under way.
  if (byHand.code !== 0) expect(byHand.stderr).toContain('The hourly run is under way');
  await nextRun();
  await untilNoneIsMissing();
  expect(handledTwice()).toEqual([]);
  // Something else may be settled by now.
  const isRecovered = (subject: string) => recovered().indexOf(subject, count) >= 0;
  await eventually(
    () => before.every(isRecovered),
    () => `the handling of ${before.filter((subject) => !isRecovered(subject))}`,
  );
  expect(handledTwice()).toEqual([]);
  expect(await nextRun()).toMatchObject({ state: 'complete', recovered: 0 });
});

test('a span of which items may be deleted is refused', async () => {
  expect(await runCommand('reconcile', ['--from', '8d'], { stateFile: stack.stateFile })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('are certain for 7 days'),
  });
});

test('the roles allow all of that, and no more was asked for', () => {
  expect(stack.takeDenied()).toEqual([]);
});
