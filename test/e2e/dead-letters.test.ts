import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Emulators } from '../emulators/emulators.ts';
import { changedNote, type Ended, startTool, wiretap } from '../support/letters.ts';
import { eventually, LocalStack } from '../support/local-stack.ts';
import { inbound, post } from '../support/webhook.ts';

/** `npm run dead-letters` and `npm run parked`, over the wire, on letters that handlers made by failing. */
let stack: LocalStack;
let sqs: SQSClient;

beforeAll(async () => {
  stack = await LocalStack.start();
  sqs = new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: stack.ready.endpoints.sqs,
    useQueueUrlAsEndpoint: false,
  });
});
afterAll(async () => {
  sqs.destroy();
  await stack.stop();
});

// As if nothing had happened yet.
afterEach(async () => {
  stack.mend(false);
  const resting = Object.entries(stack.ready.outputs).filter(([name]) =>
    /(DeadLetter|Parking)QueueUrl$/.test(name),
  );
  await Promise.all(resting.map(([, QueueUrl]) => sqs.send(new PurgeQueueCommand({ QueueUrl }))));
});

function deadLetters(...args: string[]): Promise<Ended> {
  return startTool('dead-letters', stack.note, ...args).ended;
}

function parked(...args: string[]): Promise<Ended> {
  return startTool('parked', stack.note, ...args).ended;
}

interface Listed {
  surveys: { queue: string; seen: number; hidden: number; complete: boolean }[];
  groups: Record<string, unknown>[];
  letters: { id: string; messageId: string; worker: string; error: string; failedAt: string }[];
}

async function listed(
  command: 'dead-letters' | 'parked' = 'dead-letters',
  ...args: string[]
): Promise<Listed> {
  const { code, stdout, stderr } = await startTool(
    command,
    stack.note,
    'list',
    '--json',
    '--details',
    ...args,
  ).ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The events that rest. On a busy machine a call is repeated now and then, and an event has two letters. */
async function ids(...args: string[]): Promise<string[]> {
  const { letters } = await listed('dead-letters', ...args);
  const messageIds = letters.map(({ messageId }) => messageId);
  expect(new Set(messageIds).size).toBe(messageIds.length);
  return [...new Set(letters.map(({ id }) => id))].sort();
}

/** Lets events fail: each as its text says. */
async function fail(text: string, count = 1, type = 'message.inbound') {
  const events = Array.from({ length: count }, () => ({ ...inbound(text), type }));
  await Promise.all(events.map((event) => post(stack, event)));
  await Promise.all(events.map(({ id }) => stack.until(id, ['set-aside'])));
  return events;
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
    const { groups, surveys } = await listed();
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
    expect(surveys).toContainEqual(expect.objectContaining({ queue: 'inbound', seen: 3, complete: true }));

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
    const { surveys } = await listed('dead-letters', '--worker', 'inbound');
    expect(surveys).toMatchObject([{ complete: true }]);
    const limited = await listed('dead-letters', '--limit', '12', '--worker', 'inbound');
    expect(limited.surveys).toMatchObject([{ seen: 12, complete: false }]);
    expect(await ids()).toEqual(all);
  });
});

describe('redrive', () => {
  test('sends one, some or all back; a dry run sends none', async () => {
    const events = await fail('refuse until mended', 4);
    const [one, other] = events.map(({ id }) => id);
    const others = await fail('refuse until mended', 2, 'template.approved');
    stack.mend();
    const before = await listed();
    expect((await deadLetters('redrive', '--all', '--dry-run')).stdout).toMatch(
      /4 .* would be[\s\S]*2 .* would be/,
    );
    expect((await listed()).letters.map(({ messageId }) => messageId).sort()).toEqual(
      before.letters.map(({ messageId }) => messageId).sort(),
    );
    expect(stack.effects(one ?? '')).toHaveLength(0);

    await deadLetters('redrive', '--id', one ?? '');
    await stack.until(one ?? '', ['handled']);
    expect(await ids()).not.toContain(one);
    expect(await ids()).toContain(other);

    await deadLetters('redrive', '--type', 'template.approved', '--reason', 'permanent_failure');
    for (const { id } of others) await stack.until(id, ['handled']);
    expect(await ids('--type', 'message.inbound')).toHaveLength(3);

    const { code, stdout } = await deadLetters('redrive', '--all');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 dead letters redriven'),
    });
    for (const { id } of [...events, ...others]) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toMatchObject([{ attempt: 1, idempotencyKey: id }]);
    }
    expect(await ids()).toEqual([]);
  });

  test('what fails again comes back, once, and not round and round', async () => {
    const events = await fail('refuse', 12);
    const before = await listed();
    // So slow that the first are back while the others are under way.
    const { code, stderr } = await deadLetters('redrive', '--all', '--rate', '4');
    expect(code).toBe(0);
    expect(stderr).toContain('they came meanwhile');
    const letters = (id: string) => before.letters.filter((letter) => letter.id === id).length;
    for (const { id } of events) await stack.until(id, ['set-aside'], 1 + letters(id));
    const earlier = before.letters.map(({ messageId }) => messageId);
    for (const { messageId } of (await listed()).letters) expect(earlier).not.toContain(messageId);
    expect(await ids()).toEqual(events.map(({ id }) => id).sort());
    for (const { id } of events) expect(stack.of(id, 'set-aside')).toHaveLength(1 + letters(id));
  });

  test('an event goes as it first came: its body, in its project’s group, without labels', async () => {
    // A queue that nobody works off. First-in-first-out, because those show a message's group.
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: `caught-${randomBytes(4).toString('hex')}.fifo`,
        Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
      }),
    );
    const note = changedNote(stack, 'caught', ({ outputs }) => {
      outputs.InboundQueueUrl = QueueUrl ?? '';
    });
    const [event] = await fail('refuse');
    expect(await startTool('dead-letters', note, 'redrive', '--all').ended).toMatchObject({ code: 0 });
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      { Body: JSON.stringify(event), Attributes: { MessageGroupId: 'prj_1' } },
    ]);
    expect(Object.keys(Messages?.[0]?.MessageAttributes ?? {})).toEqual([]);
  });

  test('SQS moves whole queues itself where it can, and where it cannot says so', async () => {
    const events = await fail('refuse until mended', 3);
    stack.mend();
    const { code, stdout, stderr } = await deadLetters('redrive', '--worker', 'inbound', '--by-sqs');
    if (Emulators.second) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'inbound: completed, 3 moved.\n' });
      for (const { id } of events) await stack.until(id, ['handled']);
      expect(await ids()).toEqual([]);
    } else {
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('leave out --by-sqs'),
      });
      expect(await ids()).toHaveLength(3);
    }
  });
});

describe('discard and export', () => {
  test('want to be told what, and confirmed', async () => {
    const events = await fail('refuse', 2);
    expect(await deadLetters('discard', '--yes')).toMatchObject({ code: 2 });
    const unconfirmed = await deadLetters('discard', '--all');
    expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await deadLetters('discard', '--all', '--dry-run')).stderr).toContain('2 dead letters');
    expect(await ids()).toHaveLength(2);
    const [first] = events.map(({ id }) => id);
    expect(await deadLetters('discard', '--id', first ?? '', '--yes')).toMatchObject({ code: 0 });
    expect(await ids()).toEqual([events[1]?.id]);
  });

  test('nothing is deleted that is not in the file, which only its owner may read', async () => {
    const events = await fail('refuse', 13);
    const file = `${stack.note}.letters.jsonl`;
    const exported = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
    let deleted = 0;
    const ahead: boolean[] = [];
    const tap = await wiretap(stack, (operation) => {
      if (operation === 'DeleteMessage') ahead.push(existsSync(file) && exported().length > deleted++);
      return true;
    });
    const { code, stdout } = await startTool(
      'dead-letters',
      tap.note,
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
    expect(await ids()).toEqual([]);
  });

  test('a file that is there is left alone, and so are the letters', async () => {
    await fail('refuse', 2);
    const file = `${stack.note}.taken.jsonl`;
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
    expect(await ids()).toHaveLength(2);
    expect(await deadLetters('export', `${file}.other`)).toMatchObject({ code: 0 });
    expect(readFileSync(`${file}.other`, 'utf8').split('\n').filter(Boolean)).toHaveLength(2);
    expect(await ids()).toHaveLength(2);
  });
});

test('parked events go to the workers that handle them now; the others stay, and are named', async () => {
  const unknown = { ...inbound('hello'), type: 'message.reaction' };
  await post(stack, unknown);
  await stack.until(unknown.id, ['parked']);
  // As if it had been parked before its type was routed.
  const known = inbound('hello');
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.ready.outputs.ParkingQueueUrl,
      MessageBody: JSON.stringify(known),
    }),
  );
  const { groups } = await listed('parked');
  expect(groups.map(({ worker, types }) => ({ worker, types }))).toEqual(
    expect.arrayContaining([
      { worker: 'inbound', types: { 'message.inbound': 1 } },
      { worker: 'nobody', types: { 'message.reaction': 1 } },
    ]),
  );
  const { code, stdout, stderr } = await parked('redrive', '--all');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1 parked event redriven to the inbound worker.\n' });
  expect(stderr).toContain('no worker handles message.reaction');
  await stack.until(known.id, ['handled']);
  expect((await listed('parked')).letters.map(({ id }) => id)).toEqual([unknown.id]);
  expect(await parked('discard', '--worker', 'nobody', '--yes')).toMatchObject({ code: 0 });
  expect((await listed('parked')).letters).toEqual([]);
});

describe('cut short', () => {
  test('Ctrl-C finishes what is in hand and gives the others back at once', async () => {
    const events = await fail('refuse until mended', 15);
    stack.mend();
    const handled = () => events.filter(({ id }) => stack.of(id, 'handled').length > 0);
    let interrupt = () => {};
    const once = new Set(['SendMessage', 'DeleteMessage']);
    const tap = await wiretap(stack, (operation) => {
      // With a letter in hand; and again, because npm passes on what the terminal has told the process already.
      if (once.delete(operation)) interrupt();
      return true;
    });
    const tool = startTool('dead-letters', tap.note, 'redrive', '--all', '--rate', '2');
    interrupt = () => tool.process.kill('SIGINT');
    expect(await tool.ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('giving the others back'),
    });
    await tap.stop();
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    const left = await ids();
    expect(left.length).toBeGreaterThan(0);
    await eventually(
      () => handled().length + left.length === events.length,
      () => 'each event in one place',
    );
    expect(handled().map(({ id }) => id)).not.toEqual(expect.arrayContaining([left[0]]));
  });

  test('what cannot be sent is not deleted, and is given back', async () => {
    const events = await fail('refuse', 14);
    const tap = await wiretap(stack, (operation) => operation !== 'SendMessage');
    const { code, stderr } = await startTool('dead-letters', tap.note, 'redrive', '--all').ended;
    await tap.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Gave up[\s\S]*AccessDenied/),
    });
    expect(stderr).not.toContain('+569');
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await ids()).toEqual(events.map(({ id }) => id).sort());
  });

  test('what was sent and could not be deleted is handled once', async () => {
    const [event] = await fail('refuse until mended');
    const { id = '' } = event ?? {};
    stack.mend();
    const tap = await wiretap(stack, (operation) => operation !== 'DeleteMessage');
    const { code, stderr } = await startTool('dead-letters', tap.note, 'redrive', '--all').ended;
    await tap.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not be deleted'),
    });
    await stack.until(id, ['handled']);
    expect(await ids()).toEqual([id]);
    expect(await deadLetters('redrive', '--all')).toMatchObject({ code: 0 });
    await stack.until(id, ['duplicate']);
    expect(stack.effects(id)).toHaveLength(1);
    expect(await ids()).toEqual([]);
  });

  test('killed at any call, it loses nothing and doubles nothing', async () => {
    const events = await fail('refuse until mended', 120);
    stack.mend();
    const rounds = [
      ...Array.from({ length: 8 }, () => ({ operation: /./, at: randomInt(1, 40) })),
      // Between a send and its deletion, where a copy is left.
      ...Array.from({ length: 3 }, () => ({ operation: /^DeleteMessage$/, at: randomInt(1, 8) })),
    ];
    let killed = 0;
    for (const { operation, at } of rounds) {
      let calls = 0;
      let kill = () => {};
      const tap = await wiretap(stack, (called) => {
        if (operation.test(called) && ++calls === at) kill();
        return true;
      });
      const tool = startTool('dead-letters', tap.note, 'redrive', '--all', '--rate', '500');
      kill = () => tool.process.kill('SIGKILL');
      if ((await tool.ended).code === null) killed++;
      await tap.stop();
    }
    expect(killed).toBeGreaterThan(3);
    // What it held when it was killed comes back by itself.
    const deadline = Date.now() + 90_000;
    for (;;) {
      await deadLetters('redrive', '--all', '--rate', '500');
      const { surveys } = await listed();
      if (surveys.every(({ seen, hidden: away }) => seen + away === 0)) break;
      if (Date.now() > deadline) throw new Error(`Dead letters stay: ${JSON.stringify(surveys)}, ${rounds}`);
      await sleep(500);
    }
    for (const { id } of events) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toHaveLength(1);
    }
  }, 240_000);
});

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
