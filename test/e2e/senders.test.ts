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
import { type WebhookEvent, webhookEvents } from '../../cli/register/subscription.ts';
import { parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { eventually } from '../support/eventually.ts';
import { StartedStack } from '../support/started-stack.ts';
import { inbound, post } from '../support/webhook.ts';
import { ZavuApi } from '../support/zavu-api.ts';

const root = join(import.meta.dirname, '../..');
/** As CloudFormation generates it when the stack is created. */
const placeholder = 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB');

let stack: StartedStack;
let zavu: ZavuApi;
/** The secrets that no tool may print, beside those that Zavu issued. */
const known = [placeholder];

const start = () =>
  StartedStack.start({ env: { ZAVU_WEBHOOK_SECRET: placeholder }, settings: { messagesTable: 'false' } });

beforeAll(async () => {
  zavu = await ZavuApi.start();
  stack = await start();
});
afterAll(async () => {
  await stack.stop();
  await zavu.stop();
});

interface Ended {
  code: number | null;
  output: string;
}

/**
 * Runs a tool to its end, on the local stack and the stand-in for Zavu.
 *
 * @throws Error where it prints a secret
 */
function run(tool: string, args: string[], options: { input?: string; env?: object } = {}) {
  const child = spawn(process.execPath, [`cli/${tool}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ZAVU_LOCAL_STATE: stack.note, ...zavu.env, ...options.env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  child.stdin.end(options.input ?? '');
  const ended = once(child, 'close').then(([code]): Ended => {
    for (const value of [...known, ...zavu.issued]) expect(output).not.toContain(value);
    return { code, output };
  });
  return { child, ended };
}
const secret = (...args: string[]) => run('secret', args).ended;
const register = (...args: string[]) => run('register', args).ended;

/** The list as it lies in the store. */
async function list(of = stack): Promise<readonly SigningSecret[]> {
  const { endpoints, outputs } = of.ready;
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

let count = 0;
const newId = () => `snd_${++count}`;

/** A sender of a test's own, registered. */
async function registered(...options: string[]): Promise<string> {
  const id = newId();
  zavu.add(id);
  expect(await register(`--sender=${id}`, ...options)).toMatchObject({ code: 0 });
  return id;
}

/**
 * An event of a sender comes through: acknowledged, and handled once.
 *
 * By a sandbox that starts now. One that runs learns of another secret up to ten seconds later (conformance.test.ts).
 */
async function expectDelivered(sender: string, at = stack): Promise<void> {
  await at.kill('ReceiverFunction');
  const event = inbound('hello');
  expect(await zavu.send(sender, event)).toBe(true);
  await at.until(event.id, ['handled']);
}

describe('register', () => {
  test('a sender without a webhook, on a stack without a secret: its events are handled', async () => {
    const fresh = await start();
    try {
      const id = newId();
      zavu.add(id);
      const { code, output } = await run('register', [`--sender=${id}`], {
        env: { ZAVU_LOCAL_STATE: fresh.note },
      }).ended;
      expect(output).toContain(`${id} is registered at`);
      expect(code).toBe(0);
      expect(zavu.senders.get(id)?.webhook).toEqual({
        url: fresh.ready.url,
        events: webhookEvents,
        active: true,
        signatureVersion: 'v2',
      });
      // The random text that the stack began with is gone.
      expect(await list(fresh)).toEqual([{ secret: zavu.senders.get(id)?.secret, name: id }]);
      await expectDelivered(id, fresh);
    } finally {
      await fresh.stop();
    }
  });

  test('twice: nothing changes, and it says so', async () => {
    const id = await registered();
    const [before, calls] = [await list(), zavu.calls.length];
    const { code, output } = await register(`--sender=${id}`);
    expect(output).toContain('nothing to change');
    expect(code).toBe(0);
    expect(zavu.calls.slice(calls)).toEqual([`GET /v1/senders/${id}`]);
    expect(await list()).toEqual(before);
  });

  test('a dry run says what it would do, and does nothing', async () => {
    const [before, calls, id] = [await list(), zavu.calls.length, newId()];
    zavu.add(id, {
      url: stack.ready.url,
      signatureVersion: 'v1',
      active: false,
      // The second is handled by no route: Zavu's list may be ahead of the catalogue.
      events: ['message.sent', 'later.type' as WebhookEvent],
    });
    const { output } = await register(`--sender=${id}`, '--signature=v2', '--dry-run');
    expect(output).toMatch(/events +\+message.inbound .*-later.type\n/);
    expect(output).not.toContain('+message.sent');
    expect(output).toContain('v1 -> v1+v2 -> v2');
    expect(output).toContain('active     no -> yes');
    expect(output).toContain('nothing was changed');
    expect(zavu.calls.slice(calls)).toEqual([`GET /v1/senders/${id}`]);
    expect(await list()).toEqual(before);
  });

  test('a webhook that points elsewhere: left alone, unless it is told to take it over', async () => {
    const [id, calls] = [newId(), zavu.calls.length];
    zavu.add(id, { url: 'https://elsewhere.example.com/hook?token=t0ken', signatureVersion: 'v1' });
    const refused = await register(`--sender=${id}`);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      'points at https://elsewhere.example.com/hook. To turn it here: --take-over',
    );
    expect(zavu.calls.slice(calls)).toEqual([`GET /v1/senders/${id}`]);

    const taken = await register(`--sender=${id}`, '--take-over', '--bind');
    expect(taken.code).toBe(0);
    // Zavu shows no secret of a webhook that was there: it issued another.
    expect(await list()).toContainEqual({
      secret: zavu.senders.get(id)?.secret,
      name: id,
      sender: id,
    });
    expect(zavu.senders.get(id)?.webhook).toMatchObject({ signatureVersion: 'v1' });
    await expectDelivered(id);
    expect(refused.output + taken.output).not.toContain('t0ken');
  });

  test('from v1 to v2, by way of both', async () => {
    const id = await registered('--signature=v1');
    expect(zavu.senders.get(id)?.webhook?.signatureVersion).toBe('v1');
    const calls = zavu.calls.length;
    expect((await register(`--sender=${id}`, '--signature=v2')).code).toBe(0);
    expect(zavu.senders.get(id)?.webhook?.signatureVersion).toBe('v2');
    expect(zavu.calls.slice(calls)).toEqual([
      `GET /v1/senders/${id}`,
      `PATCH /v1/senders/${id} webhookSignatureVersion`,
      `PATCH /v1/senders/${id} webhookSignatureVersion`,
    ]);
    await expectDelivered(id);
  });

  test('binding what is registered already', async () => {
    const id = await registered();
    expect((await register(`--sender=${id}`, '--bind')).output).toContain(`is bound to ${id}`);
    expect(await list()).toContainEqual(expect.objectContaining({ name: id, sender: id }));
    await expectDelivered(id);
  });

  test.each([
    ['a sender that Zavu does not know', ['--sender=snd_none'], {}, 'Zavu knows no sender snd_none'],
    ['a wrong API key', ['--sender=snd_known'], { ZAVUDEV_API_KEY: 'zv_wrong' }, 'ZAVUDEV_API_KEY'],
    ['no API key', ['--sender=snd_known'], { ZAVUDEV_API_KEY: '' }, 'ZAVUDEV_API_KEY'],
    ['a URL that Zavu cannot reach', ['--sender=snd_known', '--url=http://10.0.0.1/x'], {}, 'public https'],
    ['a scheme that there is not', ['--sender=snd_known', '--signature=v3'], {}, 'must be one of'],
  ])('%s is refused', async (_case, args, env, sentence) => {
    zavu.add('snd_known');
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
    const value = newSecret();
    const end = value.slice(-4);
    const quoted = await run('secret', ['add', '--name=gone'], { input: `'${value}'\n` }).ended;
    expect([quoted.code, quoted.output]).toEqual([1, expect.stringContaining('store it without them')]);
    await run('secret', ['add', '--name=gone'], { input: `${value}\n` }).ended;
    expect(await list()).toContainEqual({ secret: value, name: 'gone' });
    expect((await secret('list')).output).toMatch(new RegExp(`^…${end} +gone +live$`, 'm'));
    const { code, output } = await secret('remove', end, '--name=gone');
    expect(output).toContain(`Removed …${end} (gone)`);
    expect(code).toBe(0);
    expect(await list()).not.toContainEqual(expect.objectContaining({ secret: value }));
  });

  test.each([
    ['another text than a secret', ['add'], 'no signing secret'],
    ['an empty binding', ['add', '--sender='], '--sender is empty'],
    ['a secret that is not there', ['remove', 'zzzz'], 'No such secret'],
    ['a rotation of nobody', ['rotate'], '--zavu-sender'],
    [
      'a rotation whose old secret is not clear',
      ['rotate', '--zavu-sender=snd_unlisted'],
      '--old <last four>',
    ],
  ])('%s is refused, and nothing changes', async (_case, args, sentence) => {
    // More than one, or it would be clear which is the old one.
    await Promise.all([registered(), registered()]);
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
    const [id, other] = [await registered('--bind'), await registered()];
    for (const each of [id, other]) await expectDelivered(each);
    const old = zavu.senders.get(id)?.secret ?? '';
    const sent: { id: string }[] = [];
    const acknowledged: Promise<boolean>[] = [];
    const traffic = new AbortController();
    const flow = (async () => {
      for (let index = 0; !traffic.signal.aborted; index++) {
        const event = inbound('hello');
        sent.push(event);
        acknowledged.push(zavu.send(index % 2 ? other : id, event));
        await sleep(40);
      }
    })();
    await sleep(500);
    const startedAt = sent.length;
    // So that the rotation is met: an event is signed anew before the list says so.
    const refused = () => sent.slice(startedAt).some(({ id }) => zavu.answers.get(id)?.includes(401));
    zavu.onRegenerated = () => eventually(refused, () => 'an event that is refused');
    const rotation = ['rotate', `--zavu-sender=${id}`, `--grace=${graceSeconds}`];
    const late = { ...inbound('late'), senderId: id };
    let rotatedAt = 0;
    try {
      const { code, output } = await secret(...rotation);
      rotatedAt = Date.now();
      expect(output).toMatch(new RegExp(`^Stored ….{4} \\(${id}, bound to ${id}\\)\\. ….{4} counts until `));
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
    for (const event of [...sent, late]) {
      await stack.until(event.id, ['handled']);
      expect(stack.effects(event.id)).toHaveLength(1);
    }
    const now = zavu.senders.get(id)?.secret;
    expect(now).not.toBe(old);
    const own = (await list()).filter(({ name }) => name === id);
    expect(own.map(({ until: _, ...entry }) => entry)).toEqual([
      { secret: old, name: id, sender: id },
      { secret: now, name: id, sender: id },
    ]);

    await sleep(Math.max(0, rotatedAt + graceSeconds * 1000 - Date.now()));
    // A sandbox that the new secret has not reached yet learns of the end with it.
    await eventually(
      async () => {
        const stale = { ...inbound('stale'), senderId: id };
        await post(stack, stale, { secret: 'whsec_stranger' });
        return (await post(stack, stale, { secret: old })).status === 401;
      },
      () => 'the end of the old secret',
    );
  });

  test('killed between the issue and the store: run again, it errorHints itself', async () => {
    const id = await registered();
    const own = async () => (await list()).filter(({ name }) => name === id);
    expect((await secret('rotate', `--zavu-sender=${id}`, '--grace=1')).code).toBe(0);
    expect((await own()).filter(({ until }) => until)).toHaveLength(1);
    await sleep(1_000);
    const before = zavu.senders.get(id)?.secret;
    const killed = run('secret', ['rotate', `--zavu-sender=${id}`, '--grace=0']);
    zavu.onRegenerated = () => void killed.child.kill('SIGKILL');
    await killed.ended;
    zavu.onRegenerated = () => undefined;
    const lost = zavu.senders.get(id)?.secret;
    expect(lost).not.toBe(before);
    expect((await list()).map((entry) => entry.secret)).toContain(before);

    expect((await secret('rotate', `--zavu-sender=${id}`, '--grace=0')).code).toBe(0);
    const secrets = (await list()).map((entry) => entry.secret);
    expect(secrets).toContain(zavu.senders.get(id)?.secret);
    // Without a grace the old one goes at once; with this edit that of the rotation before has gone, too.
    expect(secrets).not.toContain(before);
    expect((await own()).filter(({ until }) => until)).toEqual([]);
    await expectDelivered(id);
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
    const env = { ZAVU_LOCAL_STATE: front.note };

    test('Zavu is asked for nothing, by rotate as by register', async () => {
      const [id, idle] = [await registered(), newId()];
      zavu.add(idle, { url: stack.ready.url, active: false });
      front.denies = true;
      const issued = zavu.issued.length;
      const rotation = await run('secret', ['rotate', `--zavu-sender=${id}`], { env }).ended;
      const registration = await run('register', [`--sender=${idle}`], { env }).ended;
      for (const { code, output } of [rotation, registration]) {
        expect(output).toContain('You may not write.');
        expect(code).toBe(1);
      }
      expect(zavu.issued).toHaveLength(issued);
      expect(zavu.senders.get(idle)?.webhook?.active).toBe(false);
    });

    test('any more since the secret was issued: it says what to do, and that errorHints it', async () => {
      const id = await registered();
      front.denies = false;
      zavu.onRegenerated = () => {
        front.denies = true;
      };
      const rotation = ['rotate', `--zavu-sender=${id}`, '--grace=0'];
      const { code, output } = await run('secret', rotation, { env }).ended;
      zavu.onRegenerated = () => undefined;
      expect(output).toMatch(/could not be stored: You may not write\.\n.*run the same command again/s);
      expect(code).toBe(1);

      front.denies = false;
      expect((await run('secret', rotation, { env }).ended).code).toBe(0);
      expect((await list()).map((entry) => entry.secret)).toContain(zavu.senders.get(id)?.secret);
    });
  });
});
