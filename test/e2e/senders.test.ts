import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import type { WebhookEvent } from '../../lambda/zavu/subscription.ts';
import { webhookEvents } from '../../lambda/zavu/subscription.ts';
import { type CommandOptions, type Ended, type Running, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { routes } from '../support/handlers.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import { StartedStack } from '../support/started-stack.ts';
import { changedStateFile } from '../support/state-file.ts';
import { deliver, inbound, post } from '../support/webhook.ts';
import { ZavuApi } from '../support/zavu-api/zavu-api.ts';

const denial = JSON.stringify({ __type: 'AccessDeniedException', Message: 'You may not write.' });
/** As CloudFormation generates it when the stack is created. */
const placeholder = 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB');

let stack: StartedStack;
let zavu: ZavuApi;
/** The secrets that no command may print, beside those that Zavu issued. */
const known = [placeholder];

const startStack = () =>
  StartedStack.start({ env: { ZAVU_WEBHOOK_SECRET: placeholder }, settings: { messagesTable: 'false' } });

beforeAll(async () => {
  zavu = await ZavuApi.start();
  stack = await startStack();
});
afterAll(async () => {
  await stack.stop();
  await zavu.stop();
});

/** Starts a command on the local run and the stand-in for Zavu. Its end throws if it has printed a secret. */
function start(
  command: 'secrets' | 'register',
  args: readonly string[],
  options: CommandOptions = {},
): Running {
  const env = { ...zavu.env, ...options.env };
  const running = startCommand(command, args, { stateFile: stack.stateFile, ...options, env });
  const ended = running.ended.then((result) => {
    for (const value of [...known, ...zavu.issued]) expect(result.printed).not.toContain(value);
    return result;
  });
  return { ...running, ended };
}
const run = (...args: Parameters<typeof start>): Promise<Ended> => start(...args).ended;
const secrets = (...args: string[]) => run('secrets', args);
const register = (...args: string[]) => run('register', args);

/** The list as it is stored. */
async function list(of = stack): Promise<readonly SigningSecret[]> {
  const { endpoints, outputs } = of.ready;
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: endpoints.secretsManager,
    credentials: of.ready.credentials,
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
  test('a sender without a webhook, on a stack without a secret: it is registered, and its events are handled', async () => {
    const fresh = await startStack();
    try {
      const id = newId();
      zavu.add(id);
      const { code, printed } = await run('register', [`--sender=${id}`], {
        stateFile: fresh.stateFile,
      });
      expect(printed).toContain(`${id} is registered at`);
      expect(code).toBe(0);
      expect(zavu.senders.get(id)?.webhook).toEqual({
        url: fresh.ready.url,
        events: webhookEvents(routes),
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

  test('a URL at which something else answers is not registered (report 10)', async () => {
    const id = newId();
    zavu.add(id);
    const { code, printed } = await register(`--sender=${id}`, `--url=${stack.ready.url}/elsewhere`);
    expect(printed).toContain('answered 404 to a request without a signature');
    expect(printed).toContain('Nothing was registered.');
    expect(code).toBe(1);
    expect(zavu.senders.get(id)?.webhook).toBeUndefined();
  });

  test('a sender that is registered already: nothing changes, and the command says so', async () => {
    const id = await registered();
    const [before, calls] = [await list(), zavu.calls.length];
    const { code, printed } = await register(`--sender=${id}`);
    expect(printed).toContain('nothing to change');
    expect(code).toBe(0);
    expect(zavu.calls.slice(calls)).toEqual([`GET /v1/senders/${id}`]);
    expect(await list()).toEqual(before);
  });

  test('with --dry-run: the command says what it would do, and changes nothing', async () => {
    const [before, calls, id] = [await list(), zavu.calls.length, newId()];
    zavu.add(id, {
      url: stack.ready.url,
      signatureVersion: 'v1',
      active: false,
      // No route handles the second one: Zavu's list may have more types than the catalogue.
      events: ['message.sent', 'later.type' as WebhookEvent],
    });
    const { printed } = await register(`--sender=${id}`, '--signature=v2', '--dry-run');
    expect(printed).toMatch(/events +\+message.inbound .*-later.type\n/);
    expect(printed).not.toContain('+message.sent');
    expect(printed).toContain('v1 -> v1+v2 -> v2');
    expect(printed).toContain('active     no -> yes');
    expect(printed).toContain('nothing was changed');
    expect(zavu.calls.slice(calls)).toEqual([`GET /v1/senders/${id}`]);
    expect(await list()).toEqual(before);
  });

  test('a webhook that points elsewhere is left alone, unless the command may take it over', async () => {
    const [id, calls] = [newId(), zavu.calls.length];
    zavu.add(id, { url: 'https://elsewhere.example.com/hook?token=t0ken', signatureVersion: 'v1' });
    const refused = await register(`--sender=${id}`);
    expect(refused.code).toBe(1);
    expect(refused.printed).toContain(
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
    expect(refused.printed + taken.printed).not.toContain('t0ken');
  });

  test('with --signature=v2 for a sender with v1: it takes both first, and its events are handled', async () => {
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

  test('with --bind for a sender that is registered already: its secret is bound to it, and its events are handled', async () => {
    const id = await registered();
    expect((await register(`--sender=${id}`, '--bind')).printed).toContain(`is bound to sender ${id}`);
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
      'No local run: start one with `npx zavu-webhooks start`',
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
  ])('%s: the command ends with %d and says what is wrong', async (_case, exitCode, args, env, sentence) => {
    zavu.add('snd_known');
    const { code, printed } = await run('register', args, { env });
    expect(printed).toContain(sentence);
    expect(code).toBe(exitCode);
  });
});

describe('the list of secrets', () => {
  test('secrets that are added at the same time: all of them are stored', async () => {
    const added = [newSecret(), newSecret(), newSecret()];
    const before = await list();
    const ended = added.map((value, index) =>
      run('secrets', ['add', `--name=n${index}`], { input: `${value}\n` }),
    );
    for (const { code } of await Promise.all(ended)) expect(code).toBe(0);
    const expected = [...before, ...added.map((value, index) => ({ secret: value, name: `n${index}` }))];
    const byName = (a: SigningSecret, b: SigningSecret) => `${a.name}`.localeCompare(`${b.name}`);
    expect([...(await list())].sort(byName)).toEqual(expected.sort(byName));
  });

  test('shows four characters of each secret, by which a secret can be removed', async () => {
    const value = newSecret();
    const end = value.slice(-4);
    const quoted = await run('secrets', ['add', '--name=gone'], { input: `'${value}'\n` });
    expect([quoted.code, quoted.printed]).toEqual([1, expect.stringContaining('store it without them')]);
    await run('secrets', ['add', '--name=gone'], { input: `${value}\n` });
    expect(await list()).toContainEqual({ secret: value, name: 'gone' });
    expect((await secrets('list')).printed).toMatch(new RegExp(`^…${end} +gone +live$`, 'm'));
    const { code, printed } = await secrets('remove', end, '--name=gone');
    expect(printed).toContain(`Removed …${end} (gone)`);
    expect(code).toBe(0);
    expect(await list()).not.toContainEqual(expect.objectContaining({ secret: value }));
  });

  test.each([
    ['a text that is no secret', 1, ['add'], 'no signing secret'],
    ['an empty binding', 2, ['add', '--bind-sender='], '--bind-sender is empty'],
    ['an option that selects, given to bind', 2, ['add', '--sender=snd_1'], 'give --bind-sender.'],
    ['a secret that is not there', 1, ['remove', 'zzzz'], 'No such secret'],
    ['a removal of two secrets at once', 2, ['remove', 'zzzz', 'yyyy'], 'Too many arguments'],
    ['a rotation without a sender', 2, ['rotate'], '--sender <id>'],
    ['a rotation whose old secret is not clear', 1, ['rotate', '--sender=snd_unlisted'], '--old <last four>'],
  ])(
    '%s: the command ends with %d and says what is wrong, and nothing changes',
    async (_case, exitCode, args, sentence) => {
      // More than one, or it would be clear which is the old one.
      await Promise.all([registered(), registered()]);
      const [before, calls] = [await list(), zavu.calls.length];
      const { code, printed } = await run('secrets', args, { input: '["whsec_a"]' });
      expect(printed).toContain(sentence);
      expect(code).toBe(exitCode);
      expect(await list()).toEqual(before);
      expect(zavu.calls.slice(calls)).toEqual([]);
    },
  );
});

describe('rotate', () => {
  const graceSeconds = 15;
  /** Between two events of the traffic. */
  const gapMs = 40;

  afterEach(() => {
    zavu.onRegenerated = () => undefined;
  });

  test('under traffic of two senders: every event is handled once, and the old secret ends after its grace', async () => {
    const [id, other] = [await registered('--bind'), await registered()];
    for (const sender of [id, other]) await expectDelivered(sender);
    const old = zavu.senders.get(id)?.secret ?? '';
    const sent: { id: string }[] = [];
    const acknowledged: Promise<boolean>[] = [];
    const traffic = new AbortController();
    /** Until that many more events were sent. */
    const flowing = (count = 20) => {
      const before = sent.length;
      return eventually(
        () => sent.length >= before + count,
        () => `${count} more events`,
      );
    };
    const flow = (async () => {
      for (let index = 0; !traffic.signal.aborted; index++) {
        const event = inbound('hello');
        sent.push(event);
        acknowledged.push(zavu.send(index % 2 ? other : id, event));
        await sleep(gapMs);
      }
    })();
    await flowing();
    const startedAt = sent.length;
    // So that an event comes during the rotation: signed with the new secret before the list has it.
    const refused = () => sent.slice(startedAt).some(({ id }) => zavu.answers.get(id)?.includes(401));
    zavu.onRegenerated = () => eventually(refused, () => 'an event that is refused');
    const rotation = ['rotate', `--sender=${id}`, `--grace=${graceSeconds}s`];
    const late = { ...inbound('late'), senderId: id };
    let rotatedAt = 0;
    try {
      const { code, printed } = await secrets(...rotation);
      rotatedAt = Date.now();
      expect(printed).toMatch(
        new RegExp(`^Stored ….{4} \\(${id}, bound to sender ${id}\\)\\. ….{4} counts until `),
      );
      expect(code).toBe(0);
      // A request that was signed with the old secret may still be under way.
      await deliver(stack, late, { secret: old });
      await flowing();
    } finally {
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
    expect((await secrets('rotate', `--sender=${id}`, '--grace=1s')).code).toBe(0);
    const [ending, ...others] = (await own()).flatMap(({ expiresAt }) => (expiresAt ? [expiresAt] : []));
    expect(others).toEqual([]);
    await sleep(Math.max(0, Date.parse(ending ?? '') - Date.now()));
    const before = zavu.senders.get(id)?.secret;
    const killed = start('secrets', ['rotate', `--sender=${id}`, '--grace=0']);
    zavu.onRegenerated = () => void killed.process.kill('SIGKILL');
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

  describe('with a store that refuses writes', () => {
    /** Passes calls on to the store. While it `denies`, it refuses writes. */
    const front = { denies: true, stateFile: '' };
    let proxy: RecordingProxy;
    beforeAll(async () => {
      proxy = await RecordingProxy.start({
        target: () => stack.ready.endpoints.secretsManager,
        onRequest({ headers }) {
          const writes = !`${headers['x-amz-target']}`.endsWith('GetSecretValue');
          return front.denies && writes ? denial : undefined;
        },
      });
      front.stateFile = changedStateFile(stack, 'front', ({ endpoints }) => {
        endpoints.secretsManager = proxy.endpoint;
      });
    });
    afterAll(() => proxy.stop());

    test('neither rotate nor register changes anything at Zavu', async () => {
      const [id, idle] = [await registered(), newId()];
      zavu.add(idle, { url: stack.ready.url, active: false });
      front.denies = true;
      const issued = zavu.issued.length;
      const rotation = await run('secrets', ['rotate', `--sender=${id}`], front);
      const registration = await run('register', [`--sender=${idle}`], front);
      for (const { code, printed } of [rotation, registration]) {
        expect(printed).toContain('You may not write.');
        expect(code).toBe(1);
      }
      expect(zavu.issued).toHaveLength(issued);
      expect(zavu.senders.get(idle)?.webhook?.active).toBe(false);
    });

    test('that refuses them only after Zavu has issued the secret: the command says what to do, and that fixes it', async () => {
      const id = await registered();
      front.denies = false;
      zavu.onRegenerated = () => {
        front.denies = true;
      };
      const rotation = ['rotate', `--sender=${id}`, '--grace=0'];
      const { code, printed } = await run('secrets', rotation, front);
      zavu.onRegenerated = () => undefined;
      expect(printed).toMatch(
        /could not be stored: AccessDeniedException: You may not write\.\n.*run the same command again/s,
      );
      expect(code).toBe(1);

      front.denies = false;
      expect((await run('secrets', rotation, front)).code).toBe(0);
      expect((await list()).map((entry) => entry.secret)).toContain(zavu.senders.get(id)?.secret);
    });
  });
});
