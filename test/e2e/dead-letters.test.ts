import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { queueUrlOf } from '../../cli/shared/worker-queues.ts';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { packBytes, packEvent } from '../../lambda/queued-event/text.ts';
import { type MessageFacts, messageAttributes } from '../../lambda/receiver/queue-message.ts';
import { type RoutedType, routes } from '../../lambda/routing/routes.ts';
import { idOfBytes } from '../../lambda/zavu/envelope.ts';
import { changedStateFile, type Ended, startTool, wiretap } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import { sqsAt } from '../support/sqs.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound, post } from '../support/webhook.ts';

/** `npm run dead-letters` and `npm run unrouted`, over the wire, on letters that handlers made by failing. */
let stack: StartedStack;
let sqs: SQSClient;

/** A secret that proves the events of one sender. */
const ofSender = { secret: 'whsec_of_sender_snd_1', sender: 'snd_1' };

beforeAll(async () => {
  const ZAVU_WEBHOOK_SECRET = JSON.stringify(['whsec_of_everybody_1', ofSender]);
  stack = await StartedStack.start({ env: { ZAVU_WEBHOOK_SECRET } });
  sqs = sqsAt(stack.ready.endpoints.sqs);
});
afterAll(async () => {
  sqs.destroy();
  await stack.stop();
});

// As if nothing had happened yet.
afterEach(async () => {
  stack.fix(false);
  const resting = Object.entries(stack.ready.outputs).filter(([name]) =>
    /(DeadLetter|Unrouted)QueueUrl$/.test(name),
  );
  await Promise.all(resting.map(([, QueueUrl]) => sqs.send(new PurgeQueueCommand({ QueueUrl }))));
});

function deadLetters(...args: string[]): Promise<Ended> {
  return startTool('dead-letters', stack.stateFile, ...args).ended;
}

function unrouted(...args: string[]): Promise<Ended> {
  return startTool('unrouted', stack.stateFile, ...args).ended;
}

interface Listed {
  scans: { queue: string; seen: number; hidden: number; complete: boolean }[];
  groups: Record<string, unknown>[];
  messages: { id: string; messageId: string; worker: string; error: string; failedAt: string }[];
}

async function listed(
  command: 'dead-letters' | 'unrouted' = 'dead-letters',
  ...args: string[]
): Promise<Listed> {
  const { code, stdout, stderr } = await startTool(
    command,
    stack.stateFile,
    'list',
    '--json',
    '--details',
    ...args,
  ).ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The events that are listed. On a busy machine a call is repeated now and then, and an event has two letters. */
async function ids(...args: string[]): Promise<string[]> {
  const { messages } = await listed('dead-letters', ...args);
  const messageIds = messages.map(({ messageId }) => messageId);
  expect(new Set(messageIds).size).toBe(messageIds.length);
  return [...new Set(messages.map(({ id }) => id))].sort();
}

/** The dead letters that rest, as SQS itself tells: in a tenth of the time that the tool takes to start. */
async function resting(): Promise<{ id: string; messageId: string; type: string }[]> {
  const urls = Object.entries(stack.ready.outputs).flatMap(([name, url]) =>
    name.endsWith('DeadLetterQueueUrl') ? [url] : [],
  );
  const found = await Promise.all(
    urls.map(async (QueueUrl) => {
      const all: Message[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        );
        if (Messages.length === 0) break;
        all.push(...Messages);
      }
      await Promise.all(
        all.map(({ ReceiptHandle }) =>
          sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
        ),
      );
      return all;
    }),
  );
  return found.flat().map(({ Body = '', MessageId: messageId = '' }) => {
    const { id, type }: { id: string; type: string } = JSON.parse(Body);
    return { id, messageId, type };
  });
}

/** The events that rest. */
async function restingIds(): Promise<string[]> {
  return [...new Set((await resting()).map(({ id }) => id))].sort();
}

/**
 * Lets events fail: each as its text says. They go to their worker's queue without the receiver, which on a busy
 * machine answers 503 for what it has queued: an event that is sent again then has two letters, and a redrive leaves
 * the second of them to the next.
 */
async function fail(text: string, count = 1, type: RoutedType = 'message.inbound') {
  const events = Array.from({ length: count }, () => ({ ...inbound(text), type }));
  const QueueUrl = queueUrlOf(stack.ready.outputs, routes[type]);
  await Promise.all(
    events.map((event) => {
      const MessageBody = JSON.stringify(event);
      stack.confide(MessageBody);
      return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: event.projectId }));
    }),
  );
  await Promise.all(events.map(({ id }) => stack.until(id, ['dead_lettered'])));
  return events;
}

/** Puts a message where it rests, as a function of the stack does. */
async function rest(output: string, MessageBody: string, attributes: Record<string, string>): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await sqs.send(
    new SendMessageCommand({ QueueUrl: stack.ready.outputs[output], MessageBody, MessageAttributes }),
  );
}

/** Parks an event as the receiver does. */
function park(event: object, facts: MessageFacts): Promise<void> {
  return rest('UnroutedQueueUrl', JSON.stringify(event), messageAttributes(facts));
}

/** An event that is larger than a queue takes, and has no time of its own. */
function large(text: string) {
  const { timestamp: _, ...event } = inbound(text);
  const sent = { ...event, log: 'mañana '.repeat(300_000) };
  const packed = packEvent(JSON.stringify(sent), maxEventBytes);
  if (packed?.encoding !== 'brotli_base64') throw new Error('It is not compressed.');
  return { event: sent, body: packed.body, encoding: packed.encoding };
}

/** A queue that nobody works off in the place of a worker's. First-in-first-out, because those show a message's group. */
async function caught(): Promise<{ stateFile: string; receive(): Promise<Message[]> }> {
  const name = randomBytes(4).toString('hex');
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `caught-${name}.fifo`,
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    }),
  );
  const stateFile = changedStateFile(stack, name, ({ outputs }) => {
    outputs.InboundQueueUrl = QueueUrl;
  });
  return {
    stateFile,
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages;
    },
  };
}

function attributesOf(message: Message | undefined): Record<string, string | undefined> {
  const attributes = Object.entries(message?.MessageAttributes ?? {});
  return Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue]));
}

async function hidden(output: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.ready.outputs[output],
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

describe('list and show', () => {
  test('group what failed by worker, reason and error, and say what to do next', async () => {
    const thrown = await fail('throw', 2);
    await fail('refuse', 1);
    await fail('refuse', 1, 'message.sent');
    const code = expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{12}$/)]);
    const { groups, scans } = await listed();
    expect(groups).toMatchObject([
      {
        worker: 'inbound',
        reason: 'attempts_exhausted',
        error: 'Error',
        count: 2,
        types: { 'message.inbound': 2 },
        codeVersions: code,
      },
      { worker: 'inbound', reason: 'permanent_failure', error: 'PermanentFailure', count: 1 },
      { worker: 'delivery', reason: 'permanent_failure', types: { 'message.sent': 1 } },
    ]);
    expect(scans).toContainEqual(expect.objectContaining({ queue: 'inbound', seen: 3, complete: true }));

    const { code: exit, stdout } = await deadLetters('--details');
    expect(exit).toBe(0);
    expect(stdout).toContain('inbound: 3 dead letters');
    for (const { id } of thrown) expect(stdout).toContain(id);

    // The command that it names does what it says.
    const [, args = ''] =
      stdout.match(/npm run dead-letters -- (redrive --worker inbound --reason attempts_exhausted .*)/) ?? [];
    expect((await deadLetters(...args.split(' '), '--dry-run')).stdout).toContain('2 dead letters would be');
  });

  test('show what customers wrote only on demand', async () => {
    const [event] = await fail('refuse');
    const { id = '' } = event ?? {};
    const shy = [
      await deadLetters(),
      await deadLetters('--details', '--json'),
      await deadLetters('show', '--id', id),
    ];
    for (const { code, stdout, stderr } of shy) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/\+569|No such customer|refuse/);
    }
    expect((await deadLetters('--reveal')).stdout).toContain('No such customer: +56912345678');
    const open = await deadLetters('show', '--id', id, '--reveal', '--json');
    const [shown] = JSON.parse(open.stdout);
    expect(JSON.parse(shown.body)).toEqual(event);
    expect(await deadLetters('show', '--id', 'evt_none')).toMatchObject({ code: 1 });
  });

  test('see each of many once, and hide none from whoever looks next', async () => {
    const events = await fail('refuse', 25);
    const all = events.map(({ id }) => id).sort();
    expect(await ids()).toEqual(all);
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await ids()).toEqual(all);
    expect(await ids('--id', all[3] ?? '', '--since', '1h')).toEqual([all[3]]);
    const { scans } = await listed('dead-letters', '--worker', 'inbound');
    expect(scans).toMatchObject([{ complete: true }]);
    const limited = await listed('dead-letters', '--limit', '12', '--worker', 'inbound');
    expect(limited.scans).toMatchObject([{ seen: 12, complete: false }]);
    expect(await ids()).toEqual(all);
  });
});

describe('redrive', () => {
  test('sends one, some or all back; a dry run sends none', async () => {
    const events = await fail('refuse until fixed', 4);
    const [one, other] = events.map(({ id }) => id);
    const others = await fail('refuse until fixed', 2, 'template.approved');
    stack.fix();
    const messageIds = async () => (await resting()).map(({ messageId }) => messageId).sort();
    const before = await messageIds();
    expect((await deadLetters('redrive', '--all', '--dry-run')).stdout).toMatch(
      /4 .* would be[\s\S]*2 .* would be/,
    );
    expect(await messageIds()).toEqual(before);
    expect(stack.effects(one ?? '')).toHaveLength(0);

    await deadLetters('redrive', '--id', one ?? '');
    await stack.until(one ?? '', ['handled']);
    expect(await restingIds()).not.toContain(one);
    expect(await restingIds()).toContain(other);

    await deadLetters('redrive', '--type', 'template.approved', '--reason', 'permanent_failure');
    for (const { id } of others) await stack.until(id, ['handled']);
    expect((await resting()).map(({ type }) => type)).toEqual(Array(3).fill('message.inbound'));

    const { code, stdout } = await deadLetters('redrive', '--all');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 dead letters redriven'),
    });
    for (const { id } of [...events, ...others]) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toMatchObject([
        { attempt: 1, idempotencyKey: claimKey(inbound('', id), undefined) },
      ]);
    }
    expect(await restingIds()).toEqual([]);
  });

  test('what fails again comes back, once, and not round and round', async () => {
    const events = await fail('refuse', 12);
    const before = await resting();
    const letters = (id: string) => before.filter((letter) => letter.id === id).length;
    const isBack = (id: string) => stack.of(id, 'dead_lettered').length > letters(id);
    const meant = stack.ready.outputs.InboundDeadLetterQueueUrl;
    let [receives, sent] = [0, 0];
    const tap = await wiretap(stack, async ({ operation, queueUrl }) => {
      if (operation === 'SendMessage') sent++;
      // SQS gives out ten at once. The tool gets at the others when the first have failed again, and are back.
      if (operation === 'ReceiveMessage' && queueUrl === meant && ++receives === 2) {
        await eventually(
          () => events.filter(({ id }) => isBack(id)).length === sent,
          () => `the return of ${sent} events`,
        );
      }
      return true;
    });
    const { code, stderr } = await startTool('dead-letters', tap.stateFile, 'redrive', '--all').ended;
    await tap.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('they came meanwhile');
    for (const { id } of events) await stack.until(id, ['dead_lettered'], 1 + letters(id));
    const earlier = before.map(({ messageId }) => messageId);
    for (const { messageId } of await resting()) expect(earlier).not.toContain(messageId);
    expect(await restingIds()).toEqual(events.map(({ id }) => id).sort());
    for (const { id } of events) expect(stack.of(id, 'dead_lettered')).toHaveLength(1 + letters(id));
  });

  test('an event goes as it first came: its body, in its project’s group, without labels', async () => {
    const { stateFile, receive } = await caught();
    const [event] = await fail('refuse');
    expect(await startTool('dead-letters', stateFile, 'redrive', '--all').ended).toMatchObject({ code: 0 });
    const messages = await receive();
    expect(messages).toMatchObject([
      { Body: JSON.stringify(event), Attributes: { MessageGroupId: 'prj_1' } },
    ]);
    expect(attributesOf(messages[0])).toEqual({});
  });

  test.each(['dead-letters', 'unrouted'] as const)(
    '%s: a large event without a time stays compressed, and keeps the time of its receipt',
    async (command) => {
      const { stateFile, receive } = await caught();
      const { event, body, encoding } = large('hello');
      const lasting = { encoding, receivedAt: '1795806403005' };
      const output = command === 'unrouted' ? 'UnroutedQueueUrl' : 'InboundDeadLetterQueueUrl';
      await rest(output, body, { ...lasting, reason: 'unknown_type', attempts: '5' });
      const { messages: found } = await listed(command, '--type', event.type);
      expect(found).toMatchObject([{ id: event.id, worker: 'inbound' }]);
      const id = ['--id', event.id];
      const shown = await startTool(command, stack.stateFile, 'show', ...id, '--reveal', '--json').ended;
      expect(shown.stdout).toMatch(/^[\x20-\x7e]+\n$/);
      expect(JSON.parse(shown.stdout)).toMatchObject([
        { encoding, body: JSON.stringify(event), bodyIs: 'text' },
      ]);
      expect(await startTool(command, stateFile, 'redrive', ...id).ended).toMatchObject({ code: 0 });
      const messages = await receive();
      expect(messages).toMatchObject([{ Body: body, Attributes: { MessageGroupId: 'prj_1' } }]);
      expect(attributesOf(messages[0])).toEqual(lasting);
    },
  );
});

describe('discard and export', () => {
  test('want to be told what, and confirmed', async () => {
    const events = await fail('refuse', 2);
    expect(await deadLetters('discard', '--yes')).toMatchObject({ code: 2 });
    const unconfirmed = await deadLetters('discard', '--all');
    expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await deadLetters('discard', '--all', '--dry-run')).stderr).toContain('2 dead letters');
    expect(await restingIds()).toHaveLength(2);
    const [first] = events.map(({ id }) => id);
    expect(await deadLetters('discard', '--id', first ?? '', '--yes')).toMatchObject({ code: 0 });
    expect(await restingIds()).toEqual([events[1]?.id]);
  });

  test('nothing is deleted that is not in the file, which only its owner may read', async () => {
    const events = await fail('refuse', 13);
    const file = `${stack.stateFile}.letters.jsonl`;
    const exported = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
    let deleted = 0;
    const ahead: boolean[] = [];
    const tap = await wiretap(stack, ({ operation }) => {
      if (operation === 'DeleteMessage') ahead.push(existsSync(file) && exported().length > deleted++);
      return true;
    });
    const { code, stdout } = await startTool(
      'dead-letters',
      tap.stateFile,
      'discard',
      '--all',
      '--yes',
      '--export',
      file,
    ).ended;
    await tap.stop();
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${exported().length} dead letters discarded`),
    });
    expect(ahead).toEqual(exported().map(() => true));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = exported().map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ body }) => JSON.parse(body).id))).toEqual(
      new Set(events.map(({ id }) => id)),
    );
    expect(lines[0].attributes).toMatchObject({ reason: 'permanent_failure', attempts: '1' });
    expect(await restingIds()).toEqual([]);
  });

  test('a file that is there is left alone, and so are the letters', async () => {
    await fail('refuse', 2);
    const file = `${stack.stateFile}.taken.jsonl`;
    writeFileSync(file, 'mine');
    for (const args of [
      ['discard', '--all', '--yes', '--export', file],
      ['export', file],
    ]) {
      expect(await deadLetters(...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('another file'),
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await restingIds()).toHaveLength(2);
    expect(await deadLetters('export', `${file}.other`)).toMatchObject({ code: 0 });
    expect(readFileSync(`${file}.other`, 'utf8').split('\n').filter(Boolean)).toHaveLength(2);
    expect(await restingIds()).toHaveLength(2);
  });
});

test('unrouted events go to the workers that handle them now; the others stay, and are named', async () => {
  const unknown = { ...inbound('hello'), type: 'message.reaction' };
  await post(stack, unknown);
  await stack.until(unknown.id, ['unrouted']);
  // As if it had been unrouted before its type was routed.
  const known = inbound('hello');
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.ready.outputs.UnroutedQueueUrl,
      MessageBody: JSON.stringify(known),
    }),
  );
  const { groups } = await listed('unrouted');
  expect(groups.map(({ worker, types }) => ({ worker, types }))).toEqual(
    expect.arrayContaining([
      { worker: 'inbound', types: { 'message.inbound': 1 } },
      { worker: 'none', types: { 'message.reaction': 1 } },
    ]),
  );
  const { code, stdout, stderr } = await unrouted('redrive', '--all');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1 unrouted event redriven to the inbound worker.\n' });
  expect(stderr).toContain('no worker handles message.reaction');
  await stack.until(known.id, ['handled']);
  expect((await listed('unrouted')).messages.map(({ id }) => id)).toEqual([unknown.id]);
  expect(await unrouted('discard', '--worker', 'none', '--yes')).toMatchObject({ code: 0 });
  expect((await listed('unrouted')).messages).toEqual([]);
});

describe('what was unrouted for another reason than its type', () => {
  const bound = [{ sender: ofSender.sender }];

  test('goes only where that is named, and what is another’s never', async () => {
    const [nobodys, ageless, anothers, unsaid, mine] = [
      inbound('hello'),
      inbound('hello'),
      { ...inbound('hello'), senderId: 'snd_2' },
      inbound('hello'),
      { ...inbound('hello'), senderId: 'snd_1' },
    ];
    // As the receiver itself parks it.
    await deliver(stack, nobodys, { secret: ofSender.secret });
    await stack.until(nobodys.id, ['unrouted']);
    expect(stack.of(nobodys.id, 'unrouted')[0]).toMatchObject({ reason: 'owner_unknown' });
    await park(ageless, { reason: 'age_unknown' });
    for (const event of [anothers, unsaid, mine]) await park(event, { reason: 'unreadable', boundTo: bound });

    const { groups } = await listed('unrouted');
    expect(groups.map(({ worker, reason, stays, count }) => [worker, reason, stays, count])).toEqual(
      expect.arrayContaining([
        ['inbound', 'owner_unknown', 'owner_unknown', 1],
        ['inbound', 'age_unknown', 'age_unknown', 1],
        ['inbound', 'unreadable', 'bound_elsewhere', 1],
        ['inbound', 'unreadable', 'owner_unknown', 1],
        ['inbound', 'unreadable', undefined, 1],
      ]),
    );
    const all = await unrouted('redrive', '--all');
    expect(all).toMatchObject({ code: 0, stdout: '1 unrouted event redriven to the inbound worker.\n' });
    for (const why of [
      'whose they are, and a bound secret signed them. Look at them. If they are right, redrive with --reason owner_unknown.',
      '--reason unreadable --reason owner_unknown.',
      'how old they are',
      'another sender or project than they say',
    ]) {
      expect(all.stderr).toMatch(new RegExp(`^1 stay: .*${why}`, 'm'));
    }
    await stack.until(mine.id, ['handled']);

    expect(await unrouted('redrive', '--reason', 'age_unknown')).toMatchObject({ code: 0 });
    await stack.until(ageless.id, ['handled']);
    const named = await unrouted('redrive', '--reason', 'owner_unknown', '--reason', 'unreadable');
    expect(named).toMatchObject({ code: 0, stdout: '2 unrouted events redriven to the inbound worker.\n' });
    for (const { id } of [nobodys, unsaid]) await stack.until(id, ['handled']);
    expect((await listed('unrouted')).messages.map(({ id }) => id)).toEqual([anothers.id]);
    expect(stack.of(anothers.id)).toEqual([]);
  });

  test('is shown with its reason, its encoding and what it is bound to, and kept in a file as it is', async () => {
    const bytes = Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a]);
    const packed = packBytes(bytes, maxEventBytes);
    const facts = { encoding: packed?.encoding, reason: 'unreadable', boundTo: bound } as const;
    await rest('UnroutedQueueUrl', packed?.body ?? '', messageAttributes(facts));
    const text = '\u009b2J mañana';
    await rest('UnroutedQueueUrl', text, messageAttributes({ reason: 'unreadable' }));
    const id = idOfBytes(bytes);

    const shy = await unrouted('show', '--id', id);
    expect(shy.stdout).toMatch(
      /^reason +unreadable$[\s\S]*^encoding +base64$[\s\S]*^boundTo +sender snd_1$/m,
    );
    expect(shy.stdout).not.toContain(bytes.toString('base64'));
    const open = await unrouted('show', '--id', id, '--reveal');
    expect(open.stdout).toContain(`no text. In base64:\n${bytes.toString('base64')}\n`);
    const other = await unrouted('show', '--id', idOfBytes(Buffer.from(text)), '--reveal');
    expect(other.stdout).toContain('\n\\u009b2J ma\\u00f1ana\n');

    const file = `${stack.stateFile}.unreadable.jsonl`;
    expect(await unrouted('discard', '--reason', 'unreadable', '--yes', '--export', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 unrouted events discarded'),
    });
    const written = readFileSync(file, 'utf8');
    expect(written).toMatch(/^[\x20-\x7e\n]+$/);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          body: packed?.body,
          attributes: messageAttributes(facts),
          signed: { base64: bytes.toString('base64') },
        }),
        expect.objectContaining({ body: text, attributes: { reason: 'unreadable' } }),
      ]),
    );
    expect((await listed('unrouted')).messages).toEqual([]);
  });
});

describe('cut short', () => {
  test('Ctrl-C finishes what is in hand and gives the others back at once', async () => {
    const events = await fail('refuse until fixed', 15);
    stack.fix();
    const handled = () => events.filter(({ id }) => stack.of(id, 'handled').length > 0);
    let interrupt = () => {};
    let sent = 0;
    const tap = await wiretap(stack, ({ operation }) => {
      // With a letter in hand.
      if (operation === 'SendMessage' && ++sent === 1) interrupt();
      return true;
    });
    const tool = startTool('dead-letters', tap.stateFile, 'redrive', '--all', '--rate', '2');
    interrupt = () => tool.process.kill('SIGINT');
    // And again once it says so, because npm passes on what the terminal has told the process already.
    tool.process.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('releasing the others')) interrupt();
    });
    expect(await tool.ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('releasing the others'),
    });
    await tap.stop();
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    const left = await restingIds();
    expect(left.length).toBeGreaterThan(0);
    await eventually(
      () => handled().length + left.length === events.length,
      () => 'each event in one place',
    );
    expect(handled().map(({ id }) => id)).not.toEqual(expect.arrayContaining([left[0]]));
  });

  test('what cannot be sent is not deleted, and is given back', async () => {
    const events = await fail('refuse', 14);
    const tap = await wiretap(stack, ({ operation }) => operation !== 'SendMessage');
    const { code, stderr } = await startTool('dead-letters', tap.stateFile, 'redrive', '--all').ended;
    await tap.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Gave up[\s\S]*AccessDenied/),
    });
    expect(stderr).not.toContain('+569');
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await restingIds()).toEqual(events.map(({ id }) => id).sort());
  });

  test('what was sent and could not be deleted is handled once', async () => {
    const [event] = await fail('refuse until fixed');
    const { id = '' } = event ?? {};
    stack.fix();
    const tap = await wiretap(stack, ({ operation }) => operation !== 'DeleteMessage');
    const { code, stderr } = await startTool('dead-letters', tap.stateFile, 'redrive', '--all').ended;
    await tap.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not be deleted'),
    });
    await stack.until(id, ['handled']);
    expect(await restingIds()).toEqual([id]);
    expect(await deadLetters('redrive', '--all')).toMatchObject({ code: 0 });
    await stack.until(id, ['duplicate']);
    expect(stack.effects(id)).toHaveLength(1);
    expect(await restingIds()).toEqual([]);
  });

  test('killed at any call, it loses nothing and doubles nothing', async () => {
    const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
    const rounds = killsOf(seed);
    const events = await fail('refuse until fixed', 120);
    stack.fix();
    try {
      for (const round of rounds) await redriveKilledAt(round);
      expect(await deadLetters('redrive', '--all', '--rate', '500')).toMatchObject({ code: 0 });
      expect(await restingIds()).toEqual([]);
      expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
      for (const { id } of events) await stack.until(id, ['handled']);
      expect(events.map(({ id }) => stack.effects(id).length)).toEqual(events.map(() => 1));
    } catch (error) {
      const kills = rounds.map(({ kind, at, reaches }) => `${kind} ${at}${reaches ? '' : ', which is lost'}`);
      throw new Error(`TEST_SEED=${seed} repeats it, killed at: ${kills.join('; ')}\n${error}`);
    }
  });
});

/** The call at which a tool is killed. */
interface Kill {
  /** Which calls are counted. */
  kind: 'any' | 'DeleteMessage';
  /** Its number, from 1. */
  at: number;
  /** Whether SQS gets it still, as a call that was on its way. */
  reaches: boolean;
}

/** So few letters go in each round that those of the last one still make as many calls as it counts. */
function killsOf(seed: number): Kill[] {
  const kill = (kind: Kill['kind'], max: number): fc.Arbitrary<Kill> =>
    fc.record({ kind: fc.constant(kind), at: fc.integer({ min: 1, max }), reaches: fc.boolean() });
  return [
    ...fc.sample(kill('any', 24), { seed, numRuns: 8 }),
    // Between a send and its deletion, where a copy is left.
    ...fc.sample(kill('DeleteMessage', 7), { seed, numRuns: 3 }),
  ];
}

/** Redrives, and kills the tool at a call. What it held comes back at once, and not after its half minute. */
async function redriveKilledAt({ kind, at, reaches }: Kill): Promise<void> {
  let calls = 0;
  let kill: () => Promise<unknown> = async () => undefined;
  const tap = await wiretap(stack, async ({ operation }) => {
    if ((kind === 'any' || operation === kind) && ++calls === at) {
      await kill();
      return reaches;
    }
    // A tool that is dead makes no more calls.
    return calls < at;
  });
  const tool = startTool('dead-letters', tap.stateFile, 'redrive', '--all', '--rate', '500');
  kill = () => {
    tool.process.kill('SIGKILL');
    return tool.ended;
  };
  const { code } = await tool.ended;
  expect({ calls, code }).toEqual({ calls: expect.any(Number), code: null });
  await tap.stop();
  await tap.expire();
}

test('a command that is given wrongly ends with 2, one that cannot be done with 1, and both say why', async () => {
  expect(await deadLetters('redrive')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Say which dead letters'),
  });
  expect(await startTool('dead-letters', '/nowhere').ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm start'),
  });
  expect(await deadLetters('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Exit code'),
  });
});
