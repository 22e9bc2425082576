import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecrets, type SigningSecret } from '../../lambda/receiver/signing-secret.ts';
import { type WebhookEvent, webhookEvents } from '../../tools/subscription.ts';
import { eventually, LocalStack } from '../support/local-stack.ts';
import { inbound, post } from '../support/webhook.ts';
import { ZavuApi } from '../support/zavu-api.ts';

const root = join(import.meta.dirname, '../..');
/** As CloudFormation generates it when the stack is created. */
const placeholder = 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB');

let stack: LocalStack;
let zavu: ZavuApi;
/** All that the tools printed. */
let printed = '';
/** The secrets that no tool may print. */
const known: string[] = [];

beforeAll(async () => {
  zavu = await ZavuApi.start();
  stack = await LocalStack.start({
    env: { ZAVU_WEBHOOK_SECRET: placeholder },
    // What is handled late on a busy machine is another test's subject.
    settings: { messagesTable: 'false', workerTimeoutSeconds: '10' },
  });
});
afterAll(async () => {
  await stack.stop();
  await zavu.stop();
});

interface Ended {
  code: number | null;
  output: string;
}

/** Runs a tool to its end, on the local stack and the stand-in for Zavu. */
function run(tool: string, args: string[], options: { input?: string; env?: object } = {}) {
  const child = spawn(process.execPath, [`tools/${tool}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ZAVU_LOCAL_NOTE: stack.note, ...zavu.env, ...options.env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      printed += chunk;
    });
  }
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, ended };
}
const secret = (...args: string[]) => run('secret', args).ended;
const register = (...args: string[]) => run('register', args).ended;

/** The list as it lies in the store. */
async function list(): Promise<readonly SigningSecret[]> {
  const { endpoints, outputs } = stack.ready;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: endpoints.secretsManager,
    credentials,
  });
  const { SecretString = '' } = await client.send(
    new GetSecretValueCommand({ SecretId: outputs.SigningSecretName }),
  );
  client.destroy();
  return parseSecrets(SecretString);
}

const newSecret = () => {
  const value = `whsec_${randomBytes(12).toString('hex')}`;
  known.push(value);
  return value;
};

/** An event of a sender comes through: acknowledged, and handled once. */
async function expectDelivered(sender: string): Promise<void> {
  const event = inbound('hello');
  expect(await zavu.send(sender, event)).toBe(true);
  await stack.until(event.id, ['handled']);
}

describe('register', () => {
  test('a sender without a webhook, on a stack without a secret: its events are handled', async () => {
    zavu.add('snd_new');
    const { code, output } = await register('--sender=snd_new');
    expect(output).toContain('snd_new is registered at');
    expect(code).toBe(0);
    expect(zavu.senders.get('snd_new')?.webhook).toEqual({
      url: stack.ready.url,
      events: webhookEvents,
      active: true,
      signatureVersion: 'v2',
    });
    // The random text that the stack began with is gone.
    expect(await list()).toEqual([{ secret: zavu.issued.at(-1), name: 'snd_new' }]);
    await expectDelivered('snd_new');
  });

  test('twice: nothing changes, and it says so', async () => {
    const [before, calls] = [await list(), zavu.calls.length];
    const { code, output } = await register('--sender=snd_new');
    expect(output).toContain('nothing to change');
    expect(code).toBe(0);
    expect(zavu.calls.slice(calls)).toEqual(['GET /v1/senders/snd_new']);
    expect(await list()).toEqual(before);
  });

  test('a dry run says what it would do, and does nothing', async () => {
    const [before, calls] = [await list(), zavu.calls.length];
    zavu.add('snd_dry', {
      url: stack.ready.url,
      signatureVersion: 'v1',
      active: false,
      // The second is handled by no route: Zavu's list may be ahead of the catalogue.
      events: ['message.sent', 'later.type' as WebhookEvent],
    });
    const { output } = await register('--sender=snd_dry', '--signature=v2', '--dry-run');
    expect(output).toMatch(/events +\+message.inbound .*-later.type\n/);
    expect(output).not.toContain('+message.sent');
    expect(output).toContain('v1 -> v1+v2 -> v2');
    expect(output).toContain('active     no -> yes');
    expect(output).toContain('nothing was changed');
    expect(zavu.calls.slice(calls)).toEqual(['GET /v1/senders/snd_dry']);
    expect(await list()).toEqual(before);
  });

  test('a webhook that points elsewhere: left alone, unless it is told to take it over', async () => {
    zavu.add('snd_taken', { url: 'https://elsewhere.example.com/hook?token=t0ken', signatureVersion: 'v1' });
    const calls = zavu.calls.length;
    const refused = await register('--sender=snd_taken');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      'points at https://elsewhere.example.com/hook. To turn it here: --take-over',
    );
    expect(zavu.calls.slice(calls)).toEqual(['GET /v1/senders/snd_taken']);

    expect((await register('--sender=snd_taken', '--take-over', '--bind')).code).toBe(0);
    // Zavu shows no secret of a webhook that was there: it issued another.
    expect(await list()).toContainEqual({
      secret: zavu.senders.get('snd_taken')?.secret,
      name: 'snd_taken',
      sender: 'snd_taken',
    });
    expect(zavu.senders.get('snd_taken')?.webhook).toMatchObject({ signatureVersion: 'v1' });
    await expectDelivered('snd_taken');
    expect(printed).not.toContain('t0ken');
  });

  test('from v1 to v2, by way of both', async () => {
    const calls = zavu.calls.length;
    expect((await register('--sender=snd_taken', '--signature=v2')).code).toBe(0);
    expect(zavu.senders.get('snd_taken')?.webhook?.signatureVersion).toBe('v2');
    expect(zavu.calls.slice(calls)).toEqual([
      'GET /v1/senders/snd_taken',
      'PATCH /v1/senders/snd_taken webhookSignatureVersion',
      'PATCH /v1/senders/snd_taken webhookSignatureVersion',
    ]);
    await expectDelivered('snd_taken');
  });

  test('binding what is registered already', async () => {
    expect((await register('--sender=snd_new', '--bind')).output).toContain('is bound to snd_new');
    expect(await list()).toContainEqual(expect.objectContaining({ name: 'snd_new', sender: 'snd_new' }));
    await expectDelivered('snd_new');
  });

  test.each([
    ['a sender that Zavu does not know', ['--sender=snd_none'], {}, 'Zavu knows no sender snd_none'],
    ['a wrong API key', ['--sender=snd_new'], { ZAVUDEV_API_KEY: 'zv_wrong' }, 'ZAVUDEV_API_KEY'],
    ['no API key', ['--sender=snd_new'], { ZAVUDEV_API_KEY: '' }, 'ZAVUDEV_API_KEY'],
    ['a URL that Zavu cannot reach', ['--sender=snd_new', '--url=http://10.0.0.1/x'], {}, 'public https'],
    ['a scheme that there is not', ['--sender=snd_new', '--signature=v3'], {}, 'must be one of'],
  ])('%s is refused', async (_case, args, env, sentence) => {
    const { code, output } = await run('register', args, { env }).ended;
    expect(output).toContain(sentence);
    expect(code).toBe(1);
  });
});

describe('the list', () => {
  test('secrets added at the same time are all there, and each proves', async () => {
    const added = [newSecret(), newSecret(), newSecret()];
    const before = await list();
    const ended = added.map(
      (value, index) => run('secret', ['add', `--name=n${index}`], { input: `${value}\n` }).ended,
    );
    for (const { code } of await Promise.all(ended)) expect(code).toBe(0);
    const expected = [...before, ...added.map((value, index) => ({ secret: value, name: `n${index}` }))];
    const byName = (a: SigningSecret, b: SigningSecret) => `${a.name}`.localeCompare(`${b.name}`);
    expect([...(await list())].sort(byName)).toEqual(expected.sort(byName));
  });

  test('shows four characters of each; one is removed by them, and dies', async () => {
    const [first] = (await list()).filter(({ name }) => name === 'n0');
    const end = first?.secret.slice(-4) ?? '';
    expect((await secret('list')).output).toMatch(new RegExp(`^…${end} +n0 +live$`, 'm'));
    const { code, output } = await secret('remove', end, '--name=n0');
    expect(output).toContain(`Removed …${end} (n0)`);
    expect(code).toBe(0);
    expect(await list()).not.toContainEqual(first);
  });

  test.each([
    ['another text than a secret', ['add'], 'no signing secret'],
    ['a secret that is not there', ['remove', 'zzzz'], 'No such secret'],
    ['a rotation of nobody', ['rotate'], '--zavu-sender'],
    ['a rotation whose old secret is not clear', ['rotate', '--zavu-sender=snd_dry'], '--old <last four>'],
  ])('%s is refused, and nothing changes', async (_case, args, sentence) => {
    const [before, calls] = [await list(), zavu.calls.length];
    const { code, output } = await run('secret', args, { input: '["whsec_a"]' }).ended;
    expect(output).toContain(sentence);
    expect(code).toBe(1);
    expect(await list()).toEqual(before);
    expect(zavu.calls.slice(calls)).toEqual([]);
  });
});

describe('rotate', () => {
  const graceSeconds = 15;

  test('under traffic of two senders: nothing lost, nothing doubled, and the old secret dies', async () => {
    const old = zavu.senders.get('snd_taken')?.secret ?? '';
    const sent: { id: string }[] = [];
    const acknowledged: Promise<boolean>[] = [];
    const traffic = new AbortController();
    const flow = (async () => {
      for (let index = 0; !traffic.signal.aborted; index++) {
        const event = inbound('hello');
        sent.push(event);
        acknowledged.push(zavu.send(index % 2 ? 'snd_new' : 'snd_taken', event));
        await sleep(40);
      }
    })();
    await sleep(500);
    const startedAt = sent.length;
    // So that the rotation is met: an event is signed anew before the list says so.
    const refused = () => sent.slice(startedAt).some(({ id }) => zavu.answers.get(id)?.includes(401));
    zavu.onRegenerated = () => eventually(refused, () => 'an event that is refused');
    const rotation = ['rotate', '--zavu-sender=snd_taken', `--grace=${graceSeconds}`];
    const late = { ...inbound('late'), senderId: 'snd_taken' };
    let rotatedAt = 0;
    try {
      const { code, output } = await secret(...rotation);
      rotatedAt = Date.now();
      expect(output).toMatch(/^Stored ….{4} \(snd_taken, bound to snd_taken\)\. ….{4} counts until /);
      expect(code).toBe(0);
      // What was signed with the old one may still be under way.
      expect((await post(stack, late, { secret: old })).status).toBe(200);
      await sleep(2_000);
    } finally {
      zavu.onRegenerated = () => undefined;
      traffic.abort();
      await flow;
    }

    expect(await Promise.all(acknowledged)).not.toContain(false);
    for (const { id } of [...sent, late]) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toHaveLength(1);
    }
    const now = zavu.senders.get('snd_taken')?.secret;
    expect(now).not.toBe(old);
    const own = (await list()).filter(({ name }) => name === 'snd_taken');
    expect(own.map(({ until: _, ...entry }) => entry)).toEqual([
      { secret: old, name: 'snd_taken', sender: 'snd_taken' },
      { secret: now, name: 'snd_taken', sender: 'snd_taken' },
    ]);

    await sleep(Math.max(0, rotatedAt + graceSeconds * 1000 - Date.now()));
    // A sandbox that the new secret has not reached yet learns of the end with it.
    await eventually(
      async () => {
        const stale = { ...inbound('stale'), senderId: 'snd_taken' };
        await post(stack, stale, { secret: 'whsec_stranger' });
        return (await post(stack, stale, { secret: old })).status === 401;
      },
      () => 'the end of the old secret',
    );
  });

  test('killed between the issue and the store: run again, it mends itself', async () => {
    const before = zavu.senders.get('snd_new')?.secret;
    const killed = run('secret', ['rotate', '--zavu-sender=snd_new', '--grace=0']);
    zavu.onRegenerated = () => void killed.child.kill('SIGKILL');
    await killed.ended;
    zavu.onRegenerated = () => undefined;
    const lost = zavu.senders.get('snd_new')?.secret;
    expect(lost).not.toBe(before);
    expect((await list()).map((entry) => entry.secret)).toContain(before);

    expect((await secret('rotate', '--zavu-sender=snd_new', '--grace=0')).code).toBe(0);
    const secrets = (await list()).map((entry) => entry.secret);
    expect(secrets).toContain(zavu.senders.get('snd_new')?.secret);
    // Without a grace the old one goes at once; with this edit that of the rotation before has gone, too.
    expect(secrets).not.toContain(before);
    expect((await list()).filter(({ until }) => until)).toEqual([]);
    await expectDelivered('snd_new');
  });

  describe('on a store that may not be written', () => {
    /** Hands calls on to the store, but for writes, while it `denies`. */
    const front = { denies: true, note: join(mkdtempSync(join(tmpdir(), 'zavu-front-')), 'note.json') };
    const server = createServer(async (request, response) => {
      if (front.denies && !`${request.headers['x-amz-target']}`.endsWith('GetSecretValue')) {
        const denial = { __type: 'AccessDeniedException', Message: 'You may not write.' };
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
        return void response.end(JSON.stringify(denial));
      }
      const { headers } = request;
      const answer = await fetch(stack.ready.endpoints.secretsManager, {
        method: 'POST',
        headers: {
          'x-amz-target': `${headers['x-amz-target']}`,
          'content-type': `${headers['content-type']}`,
        },
        body: await text(request),
      });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(await answer.text());
    });
    beforeAll(async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const note = JSON.parse(readFileSync(stack.note, 'utf8'));
      note.endpoints.secretsManager = `http://127.0.0.1:${port}`;
      writeFileSync(front.note, JSON.stringify(note));
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    const env = { ZAVU_LOCAL_NOTE: front.note };

    test('Zavu is asked for nothing, by rotate as by register', async () => {
      const issued = zavu.issued.length;
      const rotated = await run('secret', ['rotate', '--zavu-sender=snd_new'], { env }).ended;
      const registered = await run('register', ['--sender=snd_dry'], { env }).ended;
      for (const { code, output } of [rotated, registered]) {
        expect(output).toContain('You may not write.');
        expect(code).toBe(1);
      }
      expect(zavu.issued).toHaveLength(issued);
      expect(zavu.senders.get('snd_dry')?.webhook?.active).toBe(false);
    });

    test('any more since the secret was issued: it says what to do, and that mends it', async () => {
      front.denies = false;
      zavu.onRegenerated = () => {
        front.denies = true;
      };
      const rotation = ['rotate', '--zavu-sender=snd_new', '--grace=0'];
      const { code, output } = await run('secret', rotation, { env }).ended;
      zavu.onRegenerated = () => undefined;
      expect(output).toMatch(/could not be stored: You may not write\.\n.*run the same command again/s);
      expect(code).toBe(1);

      front.denies = false;
      expect((await run('secret', rotation, { env }).ended).code).toBe(0);
      expect((await list()).map((entry) => entry.secret)).toContain(zavu.senders.get('snd_new')?.secret);
    });
  });
});

test('no tool has printed a secret', () => {
  expect(printed).toContain('…');
  for (const value of [...known, ...zavu.issued, placeholder]) expect(printed).not.toContain(value);
});
