import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { installScripts } from '../../cli/init/existing-app.ts';
import { sample } from '../../testing/sample.ts';
import { sign } from '../../testing/sign.ts';
import { MessagesApi } from './messages-api.ts';
import { folder, tarball } from './tarball.ts';
import { asUser, end, judgedBefore, type StartedRun, startLocalRun } from './user.ts';

const source = join(import.meta.dirname, '../../examples');
const names = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const readme = readFileSync(join(source, 'README.md'), 'utf8');
/** All of them as users have them, but for one installation: packages that several ask for are installed once. */
const examples = join(folder, 'examples');

beforeAll(async () => {
  cpSync(source, examples, {
    recursive: true,
    filter: (path) => !/^(?:node_modules|cdk\.out)$/.test(basename(path)),
  });
  const manifest = {
    private: true,
    workspaces: names,
    dependencies: { 'zavu-webhooks': `file:${tarball}` },
    allowScripts: installScripts,
  };
  writeFileSync(join(examples, 'package.json'), JSON.stringify(manifest));
  await asUser(examples, 'npm', 'install');
});

/** Posts an event as Zavu does. */
async function post({ ready }: StartedRun, event: object, secret = ready.secret): Promise<number> {
  const body = JSON.stringify(event);
  const { status } = await fetch(ready.url, { method: 'POST', body, headers: sign(body, secret) });
  return status;
}

/** What the worker says first of an event. */
const outcomeOf = (local: StartedRun, id: string) =>
  local.until(['handled', 'retried', 'dead_lettered'], (line) => line.id === id);

test('README.md has all of them', () => {
  const named = [...readme.matchAll(/^\| \[([^\]]+)\]/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(names.toSorted());
});

describe.each(names)('%s', (name) => {
  test('it compiles', async () => {
    await asUser(join(examples, name), 'npm', 'test');
  });

  test('it synthesizes, without a warning', async () => {
    const { printed } = await asUser(join(examples, name), 'npx', 'cdk', 'synth', '--quiet');
    expect(printed).not.toMatch(/warning|error|feature flags/i);
  });
});

describe('the bot', () => {
  const key = 'zv_live_key_of_the_bot';
  let api: MessagesApi;
  let local: StartedRun;
  beforeAll(async () => {
    api = await MessagesApi.start();
    local = await startLocalRun(
      join(examples, 'answering-bot'),
      ['npm', 'start', '--', '-cretryDelaysSeconds=1,1,1,1'],
      { ...judgedBefore, ZAVUDEV_BASE_URL: api.url, ZAVU_LOCAL_SECRET_APIKEY: key },
    );
  });
  afterEach(() => {
    api.asked.length = 0;
    api.isSilent = false;
  });
  afterAll(async () => {
    await local?.stop();
    await api?.stop();
  });

  test('it answers the customer, by the key of its secret', async () => {
    const event = sample('message.inbound', { text: 'What are your hours?' }, { senderId: 'snd_1' });
    expect(await post(local, event)).toBe(200);
    expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'handled' });
    expect(api.asked).toEqual([
      {
        authorization: `Bearer ${key}`,
        sender: 'snd_1',
        to: event.data.from,
        text: expect.stringContaining('9 to 17'),
        idempotencyKey: expect.stringMatching(/./),
      },
    ]);
  });

  test('it answers two events by two idempotency keys, and a duplicate not at all', async () => {
    const [first, second] = [sample('message.inbound'), sample('message.inbound')];
    for (const event of [first, second]) {
      expect(await post(local, event)).toBe(200);
      expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'handled' });
    }
    expect(await post(local, first)).toBe(200);
    await local.until('duplicate', ({ id }) => id === first.id);
    expect(api.asked).toHaveLength(2);
    expect(keys(api)).toHaveLength(2);
  });

  test('an attempt that dies after it was sent is repeated by the same idempotency key', async () => {
    const event = sample('message.inbound');
    api.isSilent = true;
    expect(await post(local, event)).toBe(200);
    expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'retried', attempt: 1 });
    const before = api.asked.length;
    api.isSilent = false;
    await local.until('handled', ({ id }) => id === event.id);
    expect(before).toBeGreaterThan(0);
    expect(api.asked.length).toBeGreaterThan(before);
    expect(keys(api)).toEqual([expect.stringMatching(/./)]);
  });

  test('a message without a text, or of somebody without an address, is not answered', async () => {
    for (const data of [{ text: null }, { from: null }]) {
      const event = sample('message.inbound', data);
      expect(await post(local, event)).toBe(200);
      expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'handled' });
    }
    expect(api.asked).toEqual([]);
  });
});

const keys = ({ asked }: MessagesApi) => [...new Set(asked.map(({ idempotencyKey }) => idempotencyKey))];

describe('the stack beside it', () => {
  const app = join(examples, 'fan-out');

  test('it has a rule on the bus, and a queue for what was not delivered', () => {
    const template = (stack: string) =>
      JSON.parse(readFileSync(join(app, `cdk.out/${stack}.template.json`), 'utf8'));
    const { Resources, Outputs } = template('Webhooks-dev');
    const [bus] = Object.entries<{ Type: string }>(Resources).filter(
      ([, { Type }]) => Type === 'AWS::Events::EventBus',
    );
    const rules = Object.values<{ Type: string; Properties: Rule }>(
      template('Campaigns-dev').Resources,
    ).filter(({ Type }) => Type === 'AWS::Events::Rule');
    expect(rules).toHaveLength(1);
    const { EventBusName, Targets } = rules[0]?.Properties ?? {};
    const { StackName, OutputName } = EventBusName?.['Fn::GetStackOutput'] ?? {};
    expect(StackName).toBe('Webhooks-dev');
    expect(Outputs[OutputName ?? ''].Value).toEqual({ Ref: bus?.[0] });
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Failed/), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Undelivered/), 'Arn'] } },
      }),
    ]);
  });

  test('an event is handled, and then published; the other stack is not run', async () => {
    const local = await startLocalRun(app, ['npm', 'start', '--'], judgedBefore);
    try {
      expect(local.ready.notRun).toEqual(['Campaigns-dev']);
      const event = sample('message.failed');
      expect(await post(local, event)).toBe(200);
      expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'handled' });
      expect(await local.until('published', ({ id }) => id === event.id)).toMatchObject({
        type: 'message.failed',
      });
    } finally {
      await local.stop();
    }
  });
});

interface Rule {
  EventBusName?: { 'Fn::GetStackOutput'?: { StackName?: string; OutputName?: string } };
  Targets?: unknown[];
}

describe('the customers', () => {
  const app = join(examples, 'two-customers');
  const secrets = [
    { secret: 'whsec_of_acme_alone', sender: 'snd_acme' },
    { secret: 'whsec_of_globex_alone', sender: 'snd_globex' },
    { secret: 'whsec_of_a_third_one', sender: 'snd_third' },
  ] as const;
  const [acme, globex, third] = secrets;
  let local: StartedRun;
  let dynamoDb: DynamoDBClient;
  beforeAll(async () => {
    local = await startLocalRun(app, ['npm', 'start', '--'], {
      ...judgedBefore,
      ZAVU_WEBHOOK_SECRET: JSON.stringify(secrets),
    });
    dynamoDb = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: local.ready.endpoints.dynamodb,
      credentials: local.ready.credentials,
    });
  });
  afterAll(async () => {
    dynamoDb?.destroy();
    await local?.stop();
  });

  /** The messages that a customer's tickets are about. */
  async function ticketsOf(customer: string): Promise<string[]> {
    const table = local.ready.tables.find((name) => name.includes(`${customer}Tickets`));
    const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table }));
    return Items.map(({ messageId }) => messageId?.S ?? '').sort();
  }
  const tickets = async () => ({ acme: await ticketsOf('Acme'), globex: await ticketsOf('Globex') });
  const message = (messageId: string, senderId: string) =>
    sample('message.inbound', { messageId }, { senderId });

  test('each one gets the tickets of its own sender, and nobody else', async () => {
    for (const [id, { sender, secret }] of Object.entries({ of_acme: acme, of_globex: globex })) {
      const event = message(id, sender);
      expect(await post(local, event, secret)).toBe(200);
      expect(await outcomeOf(local, event.id)).toMatchObject({ event: 'handled' });
    }
    expect(await tickets()).toEqual({ acme: ['of_acme'], globex: ['of_globex'] });
  });

  test("an event that is signed with the other one's secret is refused, and leaves nothing", async () => {
    const before = await tickets();
    expect(await post(local, message('forged', globex.sender), acme.secret)).toBe(401);
    expect(await post(local, message('forged', acme.sender), globex.secret)).toBe(401);
    expect(await tickets()).toEqual(before);
  });

  test('the commands of README.md are answered as it says', async () => {
    const commands = [
      ...readme.matchAll(/^\$ ZAVU_WEBHOOK_SECRET=(\S+) npx (.* acme-message\.json .*\S) +# (\d{3})$/gm),
    ];
    expect(commands.map(([, , , status]) => status)).toEqual(['200', '401']);
    const { globex: before } = await tickets();
    for (const [, secret = '', command = '', status] of commands) {
      const { printed } = await end(app, 'npx', command.split(' '), { ZAVU_WEBHOOK_SECRET: secret });
      expect(printed).toMatch(new RegExp(`^${status} `, 'm'));
      const id = printed.match(/"id":"([^"]+)"/)?.[1];
      if (id) expect(await outcomeOf(local, id)).toMatchObject({ event: 'handled' });
    }
    expect(await tickets()).toEqual({ acme: ['k57msg456acme', 'of_acme'], globex: before });
  });

  test('an event of a sender that is nobody here is dead-lettered at once', async () => {
    const before = await tickets();
    const event = message('of_nobody', third.sender);
    expect(await post(local, event, third.secret)).toBe(200);
    expect(await outcomeOf(local, event.id)).toMatchObject({
      event: 'dead_lettered',
      reason: 'permanent_failure',
      attempt: 1,
    });
    expect(await tickets()).toEqual(before);
  });
});
