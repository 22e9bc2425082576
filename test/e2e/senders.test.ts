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
import { webhookEvents } from '../../cli/register/subscription.ts';
import { parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import type { WebhookEvent } from '../../lambda/zavu/subscription.ts';
import { localCredentials } from '../../local/state.ts';
import { eventually } from '../support/eventually.ts';
import { StartedStack } from '../support/started-stack.ts';
import { inbound, post } from '../support/webhook.ts';
import { ZavuApi } from '../support/zavu-api.ts';

const root = join(import.meta.dirname, '../..');
/** As CloudFormation generates it when the stack is created. */
const placeholder = 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB');

let stack: StartedStack;
let zavu: ZavuApi;
/** The secrets that no command may print, beside those that Zavu issued. */
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
 * Runs a command to its end, on the local run and the stand-in for Zavu.
 *
 * @throws Error if it prints a secret
 */
function run(command: string, args: string[], options: { input?: string; env?: object } = {}) {
  const child = spawn(process.execPath, [`cli/${command}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ZAVU_LOCAL_STATE: stack.stateFile, ...zavu.env, ...options.env },
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
const secrets = (...args: string[]) => run('secrets', args).ended;
const register = (...args: string[]) => run('register', args).ended;

/** The list as it is stored. */
async function list(of = stack): Promise<readonly SigningSecret[]> {
  const { endpoints, outputs } = of.ready;
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: endpoints.secretsManager,
    credentials: localCredentials,
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

/** Registers a new sender for a test. */
async function registered(...options: string[]): Promise<string> {
  const id = newId();
  zavu.add(id);
  expect(await register(`--sender=${id}`, ...options)).toMatchObject({ code: 0 });
  return id;
}

/**
 * An event of a sender is acknowledged and handled once.
 *
 * The execution environment starts for it. One that runs already may load a new secret ten seconds later
 * (test/conformance/).
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
        env: { ZAVU_LOCAL_STATE: fresh.stateFile },
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
      // No route handles the second one: Zavu's list may have more types than the catalogue.
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

  test('a webhook that points elsewhere is left alone, unless the command may take it over', async () => {
    const [id, calls] = [newId(), zavu.calls.length];
    zavu.add(id, { url: 'https://elsewhere.example.com/hook?token=t0ken', signatureVersion: 'v1' });
    const refused = await register(`--sender=${id}`);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      'points at https://elsewhere.example.com/hook. To point it here, give --take-over',
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
    expect((await register(`--sender=${id}`, '--bind')).output).toContain(`is bound to sender ${id}`);
    expect(await list()).toContainEqual(expect.objectContaining({ name: id, sender: id }));
    await expectDelivered(id);
  });

  test.each([
    ['a sender that Zavu does not know', 1, ['--sender=snd_none'], {}, 'Zavu knows no sender snd_none'],
    ['a wrong API key', 1, ['--sender=snd_known'], { ZAVUDEV_API_KEY: 'zv_wrong' }, 'ZAVUDEV_API_KEY'],
    ['no API key', 1, ['--sender=snd_known'], { ZAVUDEV_API_KEY: '' }, 'ZAVUDEV_API_KEY'],
    [
      'no local run',
      1,
      ['--sender=snd_known'],
      { ZAVU_LOCAL_STATE: 'none.json' },
      'No local run: start one with `npm start`',
    ],
    ['no sender', 2, [], {}, '--sender <id>'],
    [
      'a URL that Zavu cannot reach',
      2,
      ['--sender=snd_known', '--url=http://10.0.0.1/x'],
      {},
      'public https',
    ],
    ['an unknown scheme', 2, ['--sender=snd_known', '--signature=v3'], {}, 'must be one of'],
  ])('%s is refused with exit code %d', async (_case, exitCode, args, env, sentence) => {
    zavu.add('snd_known');
    const { code, output } = await run('register', args, { env }).ended;
    expect(output).toContain(sentence);
    expect(code).toBe(exitCode);
  });
});

describe('the list', () => {
  test('secrets added at the same time are all there, and each proves', async () => {
    const added = [newSecret(), newSecret(), newSecret()];
    const before = await list();
    const ended = added.map(
      (value, index) => run('secrets', ['add', `--name=n${index}`], { input: `${value}\n` }).ended,
    );
    for (const { code } of await Promise.all(ended)) expect(code).toBe(0);
    const expected = [...before, ...added.map((value, index) => ({ secret: value, name: `n${index}` }))];
    const byName = (a: SigningSecret, b: SigningSecret) => `${a.name}`.localeCompare(`${b.name}`);
    expect([...(await list())].sort(byName)).toEqual(expected.sort(byName));
  });

  test('shows four characters of each secret; by them a secret is removed, and no longer counts', async () => {
    const value = newSecret();
    const end = value.slice(-4);
    const quoted = await run('secrets', ['add', '--name=gone'], { input: `'${value}'\n` }).ended;
    expect([quoted.code, quoted.output]).toEqual([1, expect.stringContaining('store it without them')]);
    await run('secrets', ['add', '--name=gone'], { input: `${value}\n` }).ended;
    expect(await list()).toContainEqual({ secret: value, name: 'gone' });
    expect((await secrets('list')).output).toMatch(new RegExp(`^…${end} +gone +live$`, 'm'));
    const { code, output } = await secrets('remove', end, '--name=gone');
    expect(output).toContain(`Removed …${end} (gone)`);
    expect(code).toBe(0);
    expect(await list()).not.toContainEqual(expect.objectContaining({ secret: value }));
  });

  test.each([
    ['a text that is no secret', 1, ['add'], 'no signing secret'],
    ['an empty binding', 2, ['add', '--bind-sender='], '--bind-sender is empty'],
    ['an option that selects, given to bind', 2, ['add', '--sender=snd_1'], 'give --bind-sender.'],
    ['a secret that is not there', 1, ['remove', 'zzzz'], 'No such secret'],
    ['a removal of two secrets at once', 2, ['remove', 'zzzz', 'yyyy'], 'does not take "yyyy"'],
    ['a rotation without a sender', 2, ['rotate'], '--sender <id>'],
    ['a rotation whose old secret is not clear', 1, ['rotate', '--sender=snd_unlisted'], '--old <last four>'],
  ])('%s is refused with exit code %d, and nothing changes', async (_case, exitCode, args, sentence) => {
    // More than one, or it would be clear which is the old one.
    await Promise.all([registered(), registered()]);
    const [before, calls] = [await list(), zavu.calls.length];
    const { code, output } = await run('secrets', args, { input: '["whsec_a"]' }).ended;
    expect(output).toContain(sentence);
    expect(code).toBe(exitCode);
    expect(await list()).toEqual(before);
    expect(zavu.calls.slice(calls)).toEqual([]);
  });
});

describe('rotate', () => {
  const graceSeconds = 15;

  test('under traffic of two senders: nothing is lost or handled twice, and the old secret ends', async () => {
    const [id, other] = [await registered('--bind'), await registered()];
    for (const sender of [id, other]) await expectDelivered(sender);
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
    // So that an event comes during the rotation: signed with the new secret before the list has it.
    const refused = () => sent.slice(startedAt).some(({ id }) => zavu.answers.get(id)?.includes(401));
    zavu.onRegenerated = () => eventually(refused, () => 'an event that is refused');
    const rotation = ['rotate', `--sender=${id}`, `--grace=${graceSeconds}`];
    const late = { ...inbound('late'), senderId: id };
    let rotatedAt = 0;
    try {
      const { code, output } = await secrets(...rotation);
      rotatedAt = Date.now();
      expect(output).toMatch(
        new RegExp(`^Stored ….{4} \\(${id}, bound to sender ${id}\\)\\. ….{4} counts until `),
      );
      expect(code).toBe(0);
      // A request that was signed with the old secret may still be under way.
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
    expect(own.map(({ expiresAt: _, ...entry }) => entry)).toEqual([
      { secret: old, name: id, sender: id },
      { secret: now, name: id, sender: id },
    ]);

    await sleep(Math.max(0, rotatedAt + graceSeconds * 1000 - Date.now()));
    // An execution environment that has not loaded the new secret yet learns of the end together with it.
    await eventually(
      async () => {
        const stale = { ...inbound('stale'), senderId: id };
        await post(stack, stale, { secret: 'whsec_stranger' });
        return (await post(stack, stale, { secret: old })).status === 401;
      },
      () => 'the end of the old secret',
    );
  });

  test('killed after Zavu has issued the secret and before it is stored: the same command again completes it', async () => {
    const id = await registered();
    const own = async () => (await list()).filter(({ name }) => name === id);
    expect((await secrets('rotate', `--sender=${id}`, '--grace=1')).code).toBe(0);
    expect((await own()).filter(({ expiresAt }) => expiresAt)).toHaveLength(1);
    await sleep(1_000);
    const before = zavu.senders.get(id)?.secret;
    const killed = run('secrets', ['rotate', `--sender=${id}`, '--grace=0']);
    zavu.onRegenerated = () => void killed.child.kill('SIGKILL');
    await killed.ended;
    zavu.onRegenerated = () => undefined;
    const lost = zavu.senders.get(id)?.secret;
    expect(lost).not.toBe(before);
    expect((await list()).map((entry) => entry.secret)).toContain(before);

    expect((await secrets('rotate', `--sender=${id}`, '--grace=0')).code).toBe(0);
    const stored = (await list()).map((entry) => entry.secret);
    expect(stored).toContain(zavu.senders.get(id)?.secret);
    // Without a grace the old secret is removed at once. The same edit removes the expired one of the rotation before.
    expect(stored).not.toContain(before);
    expect((await own()).filter(({ expiresAt }) => expiresAt)).toEqual([]);
    await expectDelivered(id);
  });

  describe('on a store that refuses writes', () => {
    /** Passes calls on to the store. While it `denies`, it refuses writes. */
    const front = { denies: true, stateFile: join(mkdtempSync(join(tmpdir(), 'zavu-front-')), 'state.json') };
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
      const state = JSON.parse(readFileSync(stack.stateFile, 'utf8'));
      state.endpoints.secretsManager = `http://127.0.0.1:${port}`;
      writeFileSync(front.stateFile, JSON.stringify(state));
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    const env = { ZAVU_LOCAL_STATE: front.stateFile };

    test('neither rotate nor register asks Zavu for anything', async () => {
      const [id, idle] = [await registered(), newId()];
      zavu.add(idle, { url: stack.ready.url, active: false });
      front.denies = true;
      const issued = zavu.issued.length;
      const rotation = await run('secrets', ['rotate', `--sender=${id}`], { env }).ended;
      const registration = await run('register', [`--sender=${idle}`], { env }).ended;
      for (const { code, output } of [rotation, registration]) {
        expect(output).toContain('You may not write.');
        expect(code).toBe(1);
      }
      expect(zavu.issued).toHaveLength(issued);
      expect(zavu.senders.get(idle)?.webhook?.active).toBe(false);
    });

    test('and refuses writes only after Zavu has issued the secret: the command says what to do, and that fixes it', async () => {
      const id = await registered();
      front.denies = false;
      zavu.onRegenerated = () => {
        front.denies = true;
      };
      const rotation = ['rotate', `--sender=${id}`, '--grace=0'];
      const { code, output } = await run('secrets', rotation, { env }).ended;
      zavu.onRegenerated = () => undefined;
      expect(output).toMatch(
        /could not be stored: AccessDeniedException: You may not write\.\n.*run the same command again/s,
      );
      expect(code).toBe(1);

      front.denies = false;
      expect((await run('secrets', rotation, { env }).ended).code).toBe(0);
      expect((await list()).map((entry) => entry.secret)).toContain(zavu.senders.get(id)?.secret);
    });
  });
});
