import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FailureGroup } from '../../cli/dead-letters/groups.ts';
import { parseEventSources } from '../../lambda/pauses/event-sources.ts';
import type { Pause } from '../../lambda/pauses/pause.ts';
import { PauseRecords } from '../../lambda/pauses/pause-records.ts';
import { setPolling, stateOf } from '../../lambda/pauses/polling.ts';
import type { EventType } from '../../lambda/zavu/catalogue.ts';
import { outputNames } from '../../lib/outputs.ts';
import { type Ended, runCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { FiredAlarms } from '../support/fired-alarms.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';
import { orders } from './orders.ts';

/**
 * The night on which Zavu changes its envelope: the code of today meets it, a person is called, changes the code, deploys
 * it and redrives what was kept. The project is a copy, whose code changes while it runs.
 */
const pager = 'arn:aws:sns:us-east-1:000000000000:Pager';
const alarmEmail = 'night@example.com';

let copy: ProjectCopy;
let stack: StartedStack;
let lambda: LambdaClient | undefined;
let sqs: SQSClient | undefined;
let dynamoDb: DynamoDBClient | undefined;

beforeAll(async () => {
  copy = copyProject();
  stack = await StartedStack.start({
    directory: copy.directory,
    settings: { alarmEmail, pagingTopicArn: pager, archive: 'true', workerTimeoutSeconds: '120' },
    // A minute of CloudWatch's is a second.
    options: ['--watch', '--speed=60'],
  });
});
afterAll(async () => {
  for (const client of [lambda, sqs, dynamoDb]) client?.destroy();
  await stack?.stop();
  copy?.remove();
});

/** An event in the envelope of that night. */
function withNewEnvelope(type: EventType) {
  const { id, timestamp, data } = inbound('hello');
  return { event_type: type, event_id: id, created: new Date(timestamp).toISOString(), payload: data };
}

/** Changes the code, so that `readEnvelope` reads that form, too. */
function teachEnvelope(): void {
  const file = join(copy.directory, 'lambda/zavu/envelope.ts');
  const code = readFileSync(file, 'utf8');
  const taught = code.replace(/const json = (parseJson\(.*\));/, 'const json = renamed($1);');
  if (taught === code)
    throw new Error('readEnvelope parses its JSON in another way: change what this test replaces.');
  writeFileSync(
    file,
    `${taught}
function renamed(json: unknown): unknown {
  if (!isRecord(json) || json.event_type === undefined) return json;
  const { event_type: type, event_id: id, created: timestamp, payload: data, ...rest } = json;
  return { ...rest, id, type, timestamp, data };
}
`,
  );
}

/** The stack, and the copy whose code a command runs. */
function taught() {
  return { stateFile: stack.stateFile, directory: copy.directory };
}

function unrouted(...args: string[]): Promise<Ended> {
  return runCommand('unrouted', args, taught());
}

async function listUnreadable(): Promise<FailureGroup[]> {
  const { code, stdout, stderr } = await unrouted('list', '--json', '--reason', 'unreadable');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout).groups;
}

/** An alarm reminds of a pause, and the event waits until a person resumes its worker. */
async function testPause(alarms: FiredAlarms, id: string): Promise<void> {
  await alarms.fire(['WorkerPaused']);
  expect(stack.of(id, 'handled')).toEqual([]);
  const { stdout } = await runCommand('resume', ['--worker', 'account', '--json'], taught());
  expect(JSON.parse(stdout).workers).toContainEqual(
    expect.objectContaining({ worker: 'account', isPaused: false }),
  );
  await stack.until(id, ['handled']);
}

/**
 * What starts a paused worker, as a deployment does that replaces its event source, is undone. A pause after it counts from
 * its beginning, as long as something is left in the queue.
 *
 * @returns the record of the latest pause, as it is then
 */
async function testKeeper(): Promise<() => Promise<Pause | undefined>> {
  const worker = 'account';
  const { outputs, endpoints, credentials } = stack.ready;
  const client = { region: 'us-east-1', credentials };
  const id =
    parseEventSources(outputs.EventSources ?? '').find((source) => source.worker === worker)?.id ?? '';
  const QueueUrl = outputs[outputNames.queueUrl(worker)];
  lambda = new LambdaClient({ ...client, endpoint: endpoints.lambda });
  sqs = new SQSClient({ ...client, endpoint: endpoints.sqs, useQueueUrlAsEndpoint: false });
  dynamoDb = new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb });
  const records = new PauseRecords(dynamoDb, outputs.IdempotencyTableName ?? '');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late', DelaySeconds: 900 }));
  const first = await runCommand('pause', ['--worker', worker], taught());
  expect(first).toMatchObject({ code: 0 });
  const { since } = (await records.latest(worker)) ?? {};
  expect(since).toBeDefined();
  await setPolling(lambda, id, true);
  await eventually(
    () => stack.reports.some(({ line = '' }) => line.includes('"message":"pause_restored"')),
    () => 'a pause that was restored',
  );
  await eventually(
    async () => (await stateOf(lambda as LambdaClient, id)) === 'Disabled',
    () => 'the event source of a paused worker to be off again',
  );
  expect(await runCommand('resume', ['--worker', worker], taught())).toMatchObject({ code: 0 });
  expect(await records.latest(worker)).toMatchObject({ since, hasEnded: true });
  const second = await runCommand('pause', ['--worker', worker], taught());
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('both pauses count together') });
  expect(await records.latest(worker)).toEqual({ since, until: expect.any(Number) });
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await runCommand('resume', ['--worker', worker], taught())).toMatchObject({ code: 0 });
  return () => records.latest(worker);
}

test('a new envelope: every event is kept, the pager is told, and after a deployment and a redrive each was handled once', async () => {
  const alarms = new FiredAlarms(stack);
  const documented = inbound('hello');
  await deliver(stack, documented);
  await stack.until(documented.id, ['handled']);

  const inboundEvents = Array.from({ length: 9 }, () => withNewEnvelope('message.inbound'));
  const events = [
    ...inboundEvents,
    withNewEnvelope('message.delivered'),
    withNewEnvelope('template.approved'),
    withNewEnvelope('call.completed'),
  ];
  // As Zavu sends an event again whose answer was lost.
  const sentAgain = events.slice(0, 3);
  const deliveries = [...events, ...sentAgain];
  let posted: Promise<unknown> | undefined;
  const [line] = await alarms.fire(['UnreadableEvents'], () => {
    posted ??= Promise.all(deliveries.map((event) => deliver(stack, event)));
    return posted;
  });
  expect(line).toMatchObject({
    delivered: 'unknown',
    readers: [alarmEmail],
    reason: expect.stringContaining('a topic of your own'),
  });

  // The code of that night cannot read them, and leaves all of them.
  const [kept] = await listUnreadable();
  expect(kept).toMatchObject({ worker: 'none', reason: 'unreadable', stays: 'unreadable' });
  expect(kept?.count).toBeGreaterThanOrEqual(deliveries.length);
  const tooEarly = await unrouted('redrive', '--reason', 'unreadable');
  expect(tooEarly).toMatchObject({ code: 0, stdout: '0 unrouted events redriven.\n' });
  expect(tooEarly.stderr).toContain(`${kept?.count} unrouted events stay: no type can be read.`);
  const shown = await unrouted('show', '--id', kept?.example ?? '', '--reveal', '--json');
  expect(events).toContainEqual(JSON.parse(JSON.parse(shown.stdout)[0].body));

  // What the account worker calls is down. A deployment neither forgets nor undoes the pause.
  const paused = await runCommand('pause', ['--worker', 'account', '--for', '2h'], taught());
  expect(paused).toMatchObject({ code: 0, stderr: '' });
  expect(paused.stdout).toMatch(/^The account worker is paused until \S+Z \(1 h 59 min\)/);
  // A handler that takes long holds up no deployment, and finishes with the code that it began with.
  const slow = inbound(orders.lingerUntilFixed);
  await deliver(stack, slow);
  await eventually(
    () => stack.effects(slow.id).length > 0,
    () => 'a handler at work',
  );
  await stack.redeploy(teachEnvelope);
  expect(stack.of(slow.id, 'handled', 'retried')).toEqual([]);
  stack.fix();
  await stack.until(slow.id, ['handled']);
  expect(stack.effects(slow.id)).toMatchObject([{ attempt: 1 }]);
  expect((await runCommand('pause', [], taught())).stdout).toMatch(/^account +paused/m);
  expect((await listUnreadable()).map(({ worker, stays }) => [worker, stays])).toEqual([
    ['inbound', undefined],
    ['delivery', undefined],
    ['templates', undefined],
    ['account', undefined],
  ]);
  const { code, stdout, stderr } = await unrouted('redrive', '--reason', 'unreadable');
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+ unrouted events redriven to the inbound worker\./),
  });
  expect(stderr).toContain('The account worker is paused until');
  const [waiting] = events.slice(-1);
  if (!waiting) throw new Error('no event for the account worker');
  for (const { event_id: id } of events.slice(0, -1)) await stack.until(id, ['handled']);
  await testPause(alarms, waiting.event_id);
  const latestPause = await testKeeper();
  for (const { event_id: id } of sentAgain) await stack.until(id, ['duplicate']);
  await stack.drained();
  for (const { event_id: id } of events) {
    expect(stack.effects(id)).toMatchObject([{ idempotencyKey: id, text: 'hello' }]);
  }
  expect(await listUnreadable()).toEqual([]);

  // The archive has them as they came. This code reads them there, too, and a replay finds that all were handled.
  const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const period = [`--from=${hoursFromNow(-1)}`, `--to=${hoursFromNow(1)}`];
  const ids = events.map(({ event_id: id }) => `--id=${id}`);
  expect(await runCommand('replay', [...period, ...ids], taught())).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`^${events.length} events put into queues: .*\\binbound ${inboundEvents.length}\\b`),
    ),
  });
  for (const { event_id: id } of events) await stack.until(id, ['duplicate']);
  await stack.drained();
  for (const { event_id: id } of events) expect(stack.effects(id)).toHaveLength(1);

  // What comes from now on is handled as it comes.
  const next = withNewEnvelope('message.inbound');
  await deliver(stack, next);
  await stack.until(next.event_id, ['handled']);
  await alarms.clear(['UnreadableEvents', 'WorkerPaused']);
  await eventually(
    async () => (await latestPause()) === undefined,
    () => 'the keeper to see the empty queue, and to remove the record of the pause',
  );
});
