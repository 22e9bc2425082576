import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { openArchive } from '../../cli/replay/archive-objects.ts';
import { readRecords } from '../../cli/replay/records.ts';
import { partitionPrefixes } from '../../lambda/archive/layout.ts';
import { type Archived, type ArchiveRecord, recordLine } from '../../lambda/archive/record.ts';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { unpack } from '../../lambda/queued-event/text.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { idOfBytes, unreadableType } from '../../lambda/zavu/envelope.ts';
import { noise } from '../../testing/conformance/noise.ts';
import { exchange } from '../../testing/conformance/raw-http.ts';
import { signBytes } from '../../testing/conformance/signature.ts';
import { type Running, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import { sqsAt } from '../support/sqs.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { changedStateFile } from '../support/state-file.ts';
import { deliver, inbound, post } from '../support/webhook.ts';
import { orders } from './orders.ts';

let faulty: FaultyStack;
let stack: StartedStack;

beforeAll(async () => {
  // More attempts than handlers fail on a machine that is busy.
  faulty = await FaultyStack.start({ archive: 'true', retryDelaysSeconds: '2,2,2' });
  stack = faulty.stack;
});
afterEach(() => faulty.recover());
afterAll(async () => {
  await faulty.stop();
});

/** What the archive holds of an event. */
async function archived(id: string): Promise<(ArchiveRecord & { key: string })[]> {
  const { archive: archiveDirectory, outputs, url } = stack.ready;
  const objects = openArchive({ name: url, outputs, archiveDirectory, client: () => ({}) });
  const found: (ArchiveRecord & { key: string })[] = [];
  for (const key of await objects.list('events/')) {
    for await (const record of readRecords(objects, key))
      if (record?.id === id) found.push({ ...record, key });
  }
  return found;
}

/** The lines that say that an event could not be archived. */
function failures(id: string): Record<string, unknown>[] {
  return stack.reports
    .flatMap(({ line = '' }) => (line.includes('archive_failed') ? [JSON.parse(line)] : []))
    .filter((line) => line.id === id);
}

/** A minute before the tests, to an hour after them. */
const during = [
  `--from=${new Date(Date.now() - 60_000).toISOString()}`,
  `--to=${new Date(Date.now() + 3_600_000).toISOString()}`,
];

/** Starts a replay of the tests' time. */
function start(...options: string[]): Running {
  return startCommand('replay', [...during, ...options], stack);
}

interface Replayed {
  code: number | null;
  printed: string;
}

/** Replays the tests' time, to its end. */
function replay(...options: string[]): Promise<Replayed> {
  return replayOn(stack, ...options);
}

/** The same on the stack of another state file. */
async function replayOn(on: { stateFile: string }, ...options: string[]): Promise<Replayed> {
  const { code, printed } = await runCommand('replay', [...during, ...options], on);
  return { code, printed };
}

/** Puts events into the archive that no queue has ever had. */
function archiveOnly(events: readonly Archived[]): Promise<void> {
  return putRecords(
    events.map((event) => recordLine(event, Buffer.from(JSON.stringify(event)), Date.now()) ?? ''),
  );
}

/** Puts an event into the archive as a receiver does that cannot read it: known by its bytes alone. */
async function archiveUnread(text: string, boundTo: readonly Binding[] = []): Promise<string> {
  const bytes = Buffer.from(text);
  const id = idOfBytes(bytes);
  await putRecords([recordLine({ id, type: unreadableType, boundTo }, bytes, Date.now()) ?? '']);
  return id;
}

async function putRecords(lines: readonly string[]): Promise<void> {
  const firehose = new FirehoseClient({
    endpoint: stack.ready.endpoints.firehose,
    region: 'us-east-1',
    credentials: stack.ready.credentials,
  });
  const DeliveryStreamName = stack.ready.grants
    .find(({ action }) => action === 'firehose:PutRecord')
    ?.resource.split('/')[1];
  const Records = lines.map((line) => ({ Data: Buffer.from(line) }));
  await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  firehose.destroy();
}

test('an accepted event is archived as it was signed, also if it is unrouted; a refused one is not archived', async () => {
  const event = inbound('\uffff 👋 \u2028 ñ');
  const unrouted = { ...inbound('hello'), type: 'message.odd/../../type' };
  const bodies = [
    `\r\n ${JSON.stringify(event, null, 1).replace('ñ', '\\u00f1')}\n`,
    JSON.stringify(unrouted),
  ] as const;
  for (const body of bodies) {
    const bytes = Buffer.from(body);
    const signature = signBytes(bytes, 'v2', stack.ready.secret, Math.floor(Date.now() / 1000));
    const headers = { 'content-type': 'application/json', 'x-zavu-signature': signature };
    expect(await exchange(stack.ready.url, { body: bytes, headers })).toMatchObject({ status: 200 });
  }
  const forged = inbound('hello');
  expect(await post(stack, forged, { secret: 'whsec_stranger' })).toMatchObject({ status: 401 });

  expect(await archived(event.id)).toEqual([
    {
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      id: event.id,
      type: 'message.inbound',
      projectId: 'prj_1',
      event: bodies[0],
      key: expect.stringMatching(/^events\/day=\d{4}-\d\d-\d\d\/event_type=message\.inbound\/[^/]+\.gz$/),
    },
  ]);
  expect(await archived(unrouted.id)).toMatchObject([
    { event: bodies[1], key: expect.stringContaining('/event_type=other/') },
  ]);
  expect(await archived(forged.id)).toEqual([]);
});

test('event and message tell what is known of an event, from the logs, the archive and the tables', async () => {
  const [retried, refused] = [inbound(orders.throwOnce), inbound(orders.refuse)];
  for (const each of [retried, refused]) await deliver(stack, each);
  await stack.until(retried.id, ['handled']);
  await stack.until(refused.id, ['dead_lettered']);
  const tell = async (command: 'event' | 'message', id: string, ...options: string[]) => {
    const { code, stdout } = await runCommand(command, [id, '--json', ...options], stack);
    return { code, ...JSON.parse(stdout) };
  };

  const story = await tell('event', retried.id);
  expect(story).toMatchObject({
    code: 0,
    type: 'message.inbound',
    outcome: 'handled',
    records: [{ step: 'handling', status: 'completed' }],
    archive: { key: expect.stringContaining('event_type=message.inbound/'), projectId: 'prj_1' },
    messages: [{ messageId: retried.data.messageId, status: 'received' }],
    notAsked: [],
  });
  const outcomes = story.lines.flatMap(({ outcome }: { outcome?: string }) => outcome ?? []);
  expect(outcomes).toEqual(['queued', 'retried', 'handled']);
  // Neither the text of the event, nor the number that it came from.
  expect(JSON.stringify(story)).not.toMatch(/throw once|\+569/);
  const revealed = await tell('event', retried.id, '--reveal');
  expect(revealed.archive.event).toContain('throw once');

  const dead = await runCommand('event', [refused.id], stack);
  expect(dead).toMatchObject({ code: 0, stderr: '' });
  expect(dead.stdout).toContain('attempt 1: dead_lettered (permanent_failure), PermanentFailure');
  expect(dead.stdout).toContain(`npx zavu-webhooks dead-letters show --id ${refused.id} --worker inbound`);

  const { messageId } = retried.data;
  expect(await tell('message', messageId)).toMatchObject({
    code: 0,
    items: [
      { direction: 'inbound', status: 'received', steps: [{ status: 'received', eventId: retried.id }] },
    ],
    events: [retried.id],
    notAsked: [],
  });
  expect(await tell('event', 'evt_nobody_knows')).toMatchObject({
    code: 1,
    outcome: null,
    notAsked: [{ source: 'archive' }, { source: 'idempotency table' }],
  });
  const nothing = await runCommand('message', ['msg_nobody_knows'], stack);
  expect(nothing).toMatchObject({ code: 1 });
  expect(nothing.stdout).toMatch(/^Nothing is known of the message msg_nobody_knows\.\n/);
});

test.each(['down', 'hanging', 'refusing'] as const)(
  'archive %s: an event is accepted in time and handled, and the log says that its record is missing',
  async (condition) => {
    await deliver(stack, inbound('hello'));
    faulty.services.firehose.become(condition);
    const event = inbound('hello');
    await deliver(stack, event);
    await stack.until(event.id, ['handled']);
    // By the receiver's own clock: a busy machine starts it late.
    expect((await stack.until(event.id, ['queued']))[0]?.ms).toBeLessThan(zavuWaitsMs);
    await eventually(
      () => failures(event.id).length > 0,
      () => 'archive_failed',
    );
    // The fields that lib/archive/alarms.ts counts.
    expect(failures(event.id)[0]).toMatchObject({ message: 'archive_failed', reason: 'unavailable' });
    expect(JSON.stringify(failures(event.id))).not.toContain('+569');
  },
);

test('archive and queue hanging: the answer is 503, and it comes in time', async () => {
  faulty.services.firehose.become('hanging');
  faulty.services.sqs.become('hanging');
  const before = stack.reports.length;
  expect(await post(stack, inbound('hello'))).toMatchObject({ status: 503 });
  const unavailable = () => stack.reports.slice(before).find(({ status }) => status === 503);
  await eventually(
    () => unavailable() !== undefined,
    () => 'what the receiver says of it',
  );
  expect(unavailable()?.ms).toBeLessThan(zavuWaitsMs);
});

test('an event that is too large for the archive is accepted, and the log says so', async () => {
  // Random base64 is no smaller when compressed: a little more than a record may be, and less than a queue takes.
  const event = inbound(noise(1, 776_250).toString('base64'));
  await deliver(stack, event);
  await stack.until(event.id, ['handled']);
  expect(failures(event.id)).toMatchObject([{ reason: 'record_too_large' }]);
});

test('a replay of events that were handled: each is a duplicate, and none is handled again', async () => {
  const events = [inbound('hello'), inbound('hello')];
  for (const event of [...events, ...events]) await deliver(stack, event);
  for (const { id } of events) await stack.until(id, ['handled', 'duplicate'], 2);

  const dry = await replay('--dry-run', ...events.map(({ id }) => `--id=${id}`));
  expect(dry).toEqual({
    code: 0,
    printed: '2 events would be put into queues: inbound 2\n2 duplicates left out\n',
  });
  const { code, printed } = await replay('--type=message.inbound', ...events.map(({ id }) => `--id=${id}`));
  expect({ code, printed }).toEqual({
    code: 0,
    printed: '2 events put into queues: inbound 2\n2 duplicates left out\n',
  });
  for (const { id } of events) {
    expect(await stack.until(id, ['duplicate', 'handled'], 3)).toHaveLength(3);
    expect(stack.effects(id)).toHaveLength(1);
  }
});

/** What `inbound`'s event of an id is claimed by. */
function keyOf(id: string, run?: string): string {
  return claimKey(inbound('', id), run);
}

test('a forced replay: each event is handled once more, however often the same run is repeated', async () => {
  const events = [inbound('hello'), inbound('hello')];
  for (const event of [...events, ...events]) await deliver(stack, event);
  for (const { id } of events) await stack.until(id, ['handled', 'duplicate'], 2);

  const ids = events.map(({ id }) => `--id=${id}`);
  const first = await replay('--force', ...ids);
  const [, run = ''] = first.printed.match(/--run (\w+)/) ?? [];
  for (const { id } of events) await stack.until(id, ['handled'], 2);
  expect(await replay('--force', `--run=${run}`, ...ids)).toMatchObject({ code: 0 });
  for (const { id } of events) {
    await stack.until(id, ['duplicate'], 2);
    expect(stack.effects(id)).toMatchObject([
      { idempotencyKey: keyOf(id) },
      { idempotencyKey: keyOf(id, run), replayed: true },
    ]);
    expect(stack.effects(id)[0]).not.toHaveProperty('replayed');
  }
  // Another run is another decision.
  await replay('--force', ...ids);
  for (const { id } of events) await stack.until(id, ['handled'], 3);
});

test('an event that fails in a forced replay is dead-lettered with the name of the run', async () => {
  const event = inbound(orders.refuse);
  await deliver(stack, event);
  await stack.until(event.id, ['dead_lettered']);
  const { printed } = await replay('--force', `--id=${event.id}`);
  const [, run = ''] = printed.match(/--run (\w+)/) ?? [];
  await stack.until(event.id, ['dead_lettered'], 2);
  await eventually(
    async () => (await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id)).attributes.replay === run,
    () => `the dead letter of ${run}`,
  );
});

test.each([
  ['plain', []],
  ['forced', ['--force', '--run=interrupted']],
])('a %s replay that is killed and then repeated: every event is handled once', async (_case, options) => {
  const events = Array.from({ length: 30 }, () => inbound('hello'));
  await archiveOnly(events);
  const ids = events.map(({ id }) => `--id=${id}`);
  const put = () => events.filter(({ id }) => stack.of(id, 'handled').length > 0).length;

  const killed = start(...options, ...ids, '--rate=5');
  await eventually(
    () => put() > 0,
    () => 'the first event',
  );
  killed.process.kill('SIGKILL');
  await killed.ended;
  expect(put()).toBeLessThan(events.length);

  expect(await replay(...options, ...ids)).toMatchObject({ code: 0 });
  for (const { id } of events) await stack.until(id, ['handled']);
  await eventually(
    () => events.some(({ id }) => stack.of(id, 'duplicate').length > 0),
    () => 'a duplicate of what was put before',
  );
  for (const { id } of events) expect(stack.effects(id)).toHaveLength(1);
});

test('a replay that gets Ctrl-C: all that it has counted is handled, and it says how to go on', async () => {
  const events = Array.from({ length: 30 }, () => inbound('hello'));
  await archiveOnly(events);
  const ids = events.map(({ id }) => `--id=${id}`);
  const stopped = start('--force', '--run=stopped', '--rate=10', ...ids);
  await eventually(
    () => events.some(({ id }) => stack.of(id, 'handled').length > 0),
    () => 'the first event',
  );
  stopped.process.kill('SIGINT');
  const { code, stdout, stderr } = await stopped.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/\nInterrupted\. Go on with .*--run stopped\.\n$/);
  const [, count] = stdout.match(/(\d+) events put .*\n$/) ?? [];
  const handled = () => events.filter(({ id }) => stack.of(id, 'handled').length > 0).length;
  await eventually(
    () => handled() === Number(count),
    () => `${count} events, of which ${handled()} were handled`,
  );
});

test.each([
  ['without --to', ['--from=2026-11-20'], "Required option '--to <time>' not specified"],
  ['from no time', ['--from=yesterday', '--to=2026-11-20'], '--from must be like 90m'],
  [
    'of events whose idempotency records may be gone',
    ['--from=2026-01-01', '--to=2026-01-02'],
    'may be deleted, and these events would be handled again',
  ],
  ['with --rate=0', [...during, '--rate=0'], '--rate must be a whole number from 1 to 500'],
  ['with --run alone', [...during, '--run=x'], '--run goes with --force'],
  ['with a blank in --run', [...during, '--force', '--run=x y'], '--run must be'],
])('a replay %s ends with 2 and says why', async (_case, options, message) => {
  const { code, stderr } = await runCommand('replay', options, stack);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('a replay without a local run ends with 1 and says how to start one', async () => {
  const { code, printed } = await replayOn({ stateFile: '/nowhere' });
  expect([code, printed]).toEqual([1, expect.stringContaining('npx zavu-webhooks start')]);
});

test('an event of a type that no worker handles is counted, and put nowhere', async () => {
  const event = { ...inbound('hello'), type: 'message.odd' };
  await archiveOnly([event]);
  expect(await replay('--type=message.odd', `--id=${event.id}`)).toEqual({
    code: 0,
    printed: '0 events put into queues\n1 left out, of types that no worker handles\n',
  });
});

test('events of several owners that have one id: a replay sends each of them', async () => {
  const event = inbound('hello');
  const events = [event, { ...event, projectId: 'prj_2' }, { ...event, senderId: 'snd_1' }, event];
  await archiveOnly(events);
  expect(await replay(`--id=${event.id}`)).toEqual({
    code: 0,
    printed: '3 events put into queues: inbound 3\n1 duplicate left out\n',
  });
  await eventually(
    () => stack.effects(event.id).length === 3,
    () => `three effects; there were ${stack.effects(event.id).length}`,
  );
  expect(new Set(stack.effects(event.id).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
});

test('an event that could not be read when it came is replayed as the event that it is read as now', async () => {
  const [event, proved, anothers, nobodys] = [
    inbound('hello'),
    { ...inbound('hello'), senderId: 'snd_1' },
    { ...inbound('hello'), senderId: 'snd_2' },
    inbound('hello'),
  ];
  const bound = [{ sender: 'snd_1' }, { sender: 'snd_1', project: 'prj_1' }];
  await archiveUnread(JSON.stringify(event));
  await archiveUnread(JSON.stringify(proved), bound);
  await archiveUnread(JSON.stringify(anothers), bound);
  await archiveUnread(JSON.stringify(nobodys), bound);
  const ids = [event, proved, anothers, nobodys].map(({ id }) => `--id=${id}`);
  expect(await replay('--type=message.inbound', ...ids)).toEqual({
    code: 0,
    printed:
      '2 events put into queues: inbound 2\n' +
      '2 left out: not of the sender or project that the secret is bound to\n',
  });
  for (const { id } of [event, proved]) await stack.until(id, ['handled']);
});

test('a record from which no type can be read is counted by itself, and not as a broken line', async () => {
  const id = await archiveUnread(`{"event_type":"message.inbound","at":${Date.now()}}`);
  const other = await archiveUnread(`\u0000${Date.now()}`);
  expect(await replay(`--id=${id}`, `--id=${other}`)).toEqual({
    code: 0,
    printed: '0 events put into queues\n2 left out, from which no type can be read\n',
  });
  expect(await replay('--type=message.inbound', `--id=${id}`)).toEqual({
    code: 0,
    printed: '0 events put into queues\n',
  });
});

test('a replay sends events as the receiver does: encoded, with the time of receipt, in batches that SQS takes', async () => {
  // A queue from which no worker takes anything.
  const sqs = sqsAt(stack.ready.endpoints.sqs, stack.ready.credentials);
  const QueueName = `caught-${randomBytes(4).toString('hex')}`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const stateFile = changedStateFile(stack, 'caught', ({ outputs }) => {
    outputs.InboundQueueUrl = QueueUrl;
  });
  const { timestamp: _, ...timeless } = inbound('hello');
  const large = { ...inbound('hello'), log: chat(2_000_000) };
  // Three of them are as much as a batch holds.
  const many = Array.from({ length: 7 }, () => ({ ...inbound('hello'), log: 'x'.repeat(340_000) }));
  const before = Date.now();
  await archiveOnly([timeless, large, ...many]);
  const ids = [timeless, large, ...many].map(({ id }) => `--id=${id}`);
  expect(await replayOn({ stateFile }, ...ids)).toEqual({
    code: 0,
    printed: '9 events put into queues: inbound 9\n',
  });

  const found = new Map<string, Record<string, string>>();
  await eventually(
    async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3, MessageAttributeNames: ['All'] }),
      );
      for (const { Body = '', MessageAttributes = {} } of Messages) {
        const attributes = Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
        );
        found.set(JSON.parse(unpack(Body, attributes.encoding) ?? '').id, attributes);
      }
      return found.size === 9;
    },
    () => `nine messages; there were ${found.size}`,
  );
  sqs.destroy();
  expect(found.get(timeless.id)).toEqual({
    receivedAt: expect.stringMatching(/^\d{13}$/),
    resent: 'replay',
  });
  expect(Number(found.get(timeless.id)?.receivedAt)).toBeGreaterThanOrEqual(before);
  expect(found.get(large.id)).toEqual({ encoding: 'brotli_base64', resent: 'replay' });
  for (const { id } of many) expect(found.get(id)).toEqual({ resent: 'replay' });
});

test('an event of 4 MB is handled, archived, dead-lettered, shown, redriven and replayed as it was signed', async () => {
  const sent = inbound(orders.refuseUntilFixed);
  const event = { ...sent, data: { ...sent.data, content: { transcript: chat(4_000_000) } } };
  await deliver(stack, event);
  await stack.until(event.id, ['dead_lettered']);
  // On a busy machine it comes twice, and has two records and two dead letters.
  const [record] = await archived(event.id);
  expect(record?.encoding).toBe('brotli_base64');
  expect(unpack(record?.event ?? '', record?.encoding)).toBe(JSON.stringify(event));

  const deadLetters = (...args: string[]) => runCommand('dead-letters', [...args, '--id', event.id], stack);
  const shown = await deadLetters('show', '--reveal', '--json');
  expect(JSON.parse(shown.stdout)[0]).toMatchObject({
    reason: 'permanent_failure',
    encoding: 'brotli_base64',
    bodyIs: 'text',
    body: JSON.stringify(event),
  });
  const file = `${stack.stateFile}.large.jsonl`;
  expect(await deadLetters('export', file)).toMatchObject({ code: 0 });
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  expect(line).toMatch(/^[\x20-\x7e]+$/);
  const { body, attributes, signed } = JSON.parse(line);
  expect(signed).toEqual({ text: JSON.stringify(event) });
  expect(unpack(body, attributes.encoding)).toBe(signed.text);

  stack.fix();
  expect(await deadLetters('redrive')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d dead letters? redriven to the inbound worker\.\n$/),
  });
  await stack.until(event.id, ['handled']);
  const { code, printed } = await replay('--force', '--run=large', `--id=${event.id}`);
  expect({ code, printed }).toEqual({
    code: 0,
    printed: expect.stringContaining('1 event put into queues: inbound 1\n'),
  });
  await stack.until(event.id, ['handled'], 2);
  expect(stack.effects(event.id)).toMatchObject([
    { idempotencyKey: keyOf(event.id) },
    { idempotencyKey: keyOf(event.id, 'large'), replayed: true },
  ]);
});

/** Lines as customers write them, so many bytes at least. */
function chat(bytes: number): string {
  const line = ' ¿Dónde está mi pedido? Gracias 👋\n';
  const count = Math.ceil(bytes / Buffer.byteLength(`1000${line}`));
  return Array.from({ length: count }, (_, index) => `${1000 + index}${line}`).join('');
}

test('a line that is no record is counted, and the others are replayed; an object that cannot be read is named', async () => {
  const event = inbound('hello');
  const [folder = ''] = partitionPrefixes(new Date().toISOString().slice(0, 10), 'message.inbound');
  const file = join(stack.ready.archive, folder, 'spoilt.gz');
  mkdirSync(join(stack.ready.archive, folder), { recursive: true });
  writeFileSync(
    file,
    gzipSync(`{"receivedAt":\n${recordLine(event, Buffer.from(JSON.stringify(event)), Date.now()) ?? ''}`),
  );
  try {
    expect(await replay(`--id=${event.id}`)).toEqual({
      code: 1,
      printed: '1 event put into queues: inbound 1\n1 line of the archive could not be read\n',
    });
    await stack.until(event.id, ['handled']);

    writeFileSync(file, 'spoilt');
    const { code, printed } = await replay(`--id=${event.id}`);
    expect(printed).toMatch(/^events\/day=\S+\/spoilt\.gz cannot be read: /);
    expect(code).toBe(1);
  } finally {
    rmSync(file);
  }
});
