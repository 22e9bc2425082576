import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Emulators } from '../emulators/emulators.ts';
import { startCloudFormation } from '../support/cloudformation.ts';
import { type Command, type Ended, runCommand } from '../support/command.ts';
import { anyCredentials } from '../support/credentials.ts';
import { sqsAt } from '../support/sqs.ts';

/** Commands on stacks that CloudFormation tells of, and on queues of a real SQS. */
const workspace = mkdtempSync(join(tmpdir(), 'zavu-deployed-'));
let emulators: Emulators;
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>;

/** Creates the queues of a construct with one worker, with one dead letter of this id. */
async function createOutputs(prefix: string, id: string): Promise<Record<string, string>> {
  const sqs = sqsAt(emulators.endpoints.sqs);
  const create = async (name: string) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${id}` }));
    return QueueUrl;
  };
  const [queue, dead, unrouted] = [await create('queue'), await create('dead'), await create('unrouted')];
  for (const [QueueUrl, type] of [
    [dead, 'message.inbound'],
    [unrouted, 'message.inbound'],
  ]) {
    const MessageBody = JSON.stringify({ id, type, timestamp: Date.now() });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  sqs.destroy();
  const outputs = {
    WebhookUrl: 'https://hooks.example.com/webhooks/zavu',
    SigningSecretName: 'secret',
    AcceptedSignatures: 'v2',
    ArchiveBucketName: 'archive',
    ReplayWindowSeconds: '86400',
    Routes: 'inbound=message.inbound',
    InboundQueueUrl: queue,
    InboundDeadLetterQueueUrl: dead,
    UnroutedQueueUrl: unrouted,
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`${prefix}${name}`, value]));
}

beforeAll(async () => {
  emulators = await Emulators.start();
  const [plain, orders, sales, earlier, broken] = await Promise.all([
    createOutputs('', 'evt_plain'),
    createOutputs('Orders', 'evt_orders'),
    createOutputs('Sales', 'evt_sales'),
    createOutputs('', 'evt_earlier'),
    createOutputs('', 'evt_broken'),
  ]);
  const { Routes: _, ...withoutRoutes } = earlier;
  const { InboundDeadLetterQueueUrl: __, ...withoutQueue } = broken;
  cloudFormation = await startCloudFormation({
    'ZavuWebhooks-prod': plain,
    Single: { BucketName: 'mine', ...orders },
    Both: { ...orders, ...sales },
    Other: { PartnerWebhookUrl: 'https://partner.example.com' },
    Earlier: withoutRoutes,
    Broken: withoutQueue,
    Newer: { ...plain, Routes: '{"version":2}' },
  });
});

afterAll(async () => {
  rmSync(workspace, { recursive: true });
  await Promise.all([cloudFormation?.stop(), emulators?.stop()]);
});

function run(command: Command, ...args: string[]): Promise<Ended> {
  return runCommand(command, [...args, '--region=us-east-1'], {
    env: {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
      AWS_ENDPOINT_URL_SQS: emulators.endpoints.sqs,
      // Nothing else is there: a call would be refused.
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      ZAVUDEV_API_KEY: 'zv_test',
      ZAVUDEV_BASE_URL: 'http://127.0.0.1:1',
    },
  });
}

test.each([
  ['--stage=prod', 'evt_plain', '--stage prod'],
  ['--stack=ZavuWebhooks-prod', 'evt_plain', '--stack ZavuWebhooks-prod'],
  ['--stack=Single', 'evt_orders', '--stack Single'],
  ['--stack=Both/Orders', 'evt_orders', '--stack Both/Orders'],
  ['--stack=Both/Sales', 'evt_sales', '--stack Both/Sales'],
])('%s finds its dead letters, and the next steps name it', async (option, id, named) => {
  const { code, stdout } = await run('dead-letters', option);
  expect(stdout).toContain('inbound: 1 dead letter\n');
  expect(stdout).toContain(`show --id ${id} ${named}`);
  expect(code).toBe(0);
});

describe('a local run', () => {
  /** Lists the dead letters of a local run that has written these outputs down. */
  async function listOf(outputs: Record<string, string>): Promise<Ended> {
    const stateFile = join(workspace, 'state.json');
    const endpoints = { sqs: emulators.endpoints.sqs };
    writeFileSync(
      stateFile,
      JSON.stringify({
        pid: process.pid,
        url: 'http://127.0.0.1:1',
        credentials: anyCredentials,
        outputs,
        endpoints,
      }),
    );
    return runCommand('dead-letters', [], { stateFile });
  }

  test.each(['', 'Zavu'])('whose outputs begin with "%s" is found', async (prefix) => {
    const { code, stdout } = await listOf(await createOutputs(prefix, `evt_local${prefix}`));
    expect(stdout).toContain(`show --id evt_local${prefix}\n`);
    expect(code).toBe(0);
  });

  test('of two constructs is refused with a sentence', async () => {
    const urls = {
      OrdersWebhookUrl: 'u',
      OrdersSigningSecretName: 's',
      SalesWebhookUrl: 'u',
      SalesSigningSecretName: 's',
    };
    const { code, printed } = await listOf(urls);
    expect(printed).toContain('The local run holds several ZavuWebhooks');
    expect(code).toBe(1);
  });
});

test.each([
  ['Both', 'Both holds several: name one of --stack Both/Orders, Both/Sales.'],
  ['Both/Order', 'Both holds no Order. It holds: --stack Both/Orders, Both/Sales.'],
  ['Other', 'Other has no webhooks'],
  ['Missing', 'Missing was not found: ValidationError: Stack with id Missing does not exist'],
  ['Broken', 'Broken lacks the output InboundDeadLetterQueueUrl of its inbound worker'],
  [
    'Newer',
    'The output Routes of Newer cannot be read. If a newer version of zavu-webhooks deployed it, install',
  ],
])('--stack %s is an error', async (stack, sentence) => {
  const { code, printed } = await run('dead-letters', '--stack', stack);
  expect(printed).toContain(sentence);
  expect(printed).not.toContain('No dead letters');
  expect(code).toBe(1);
});

test.each<[Command, string[], string]>([
  ['dead-letters', ['--stage=prod', '--stack=Both/Sales'], 'give --stage or --stack, not both'],
  ['secrets', ['list', '--stage=prod', '--stack=Both/Sales'], 'give --stage or --stack, not both'],
  [
    'dead-letters',
    ['--stage=prod', '--worker=inbond'],
    'ZavuWebhooks-prod has no worker "inbond". --worker takes: inbound.',
  ],
  ['unrouted', ['--stage=prod', '--worker=inbond'], '--worker takes: inbound, none.'],
])('%s %j is given wrongly', async (command, args, sentence) => {
  const { code, printed } = await run(command, ...args);
  expect(printed).toContain(sentence);
  expect(code).toBe(2);
});

describe('of an earlier version, which does not tell its routes', () => {
  test('dead letters are listed and redriven to their worker', async () => {
    const listed = await run('dead-letters', '--stack=Earlier');
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('inbound: 1 dead letter\n') });
    const redriven = await run('dead-letters', 'redrive', '--all', '--dry-run', '--stack=Earlier');
    expect(redriven).toMatchObject({
      code: 0,
      stdout: '1 dead letter would be redriven to the inbound worker.\n',
    });
  });

  test('unrouted events are listed, and say what they wait for', async () => {
    const { code, stdout } = await run('unrouted', '--stack=Earlier');
    expect(stdout).toContain('Stays: the stack is of an earlier version');
    expect(code).toBe(0);
  });

  test.each<[Command, string[]]>([
    ['unrouted', ['redrive', '--all']],
    ['replay', ['--from=2h', '--to=1h']],
    ['register', ['--sender=snd_1', '--url=https://hooks.example.com']],
  ])('%s %j is refused with a sentence', async (command, args) => {
    const { code, printed } = await run(command, ...args, '--stack=Earlier');
    expect(printed).toBe(
      'Earlier is of an earlier version, which does not tell which worker handles which type. Deploy it first: `npx cdk deploy`.\n',
    );
    expect(code).toBe(1);
  });
});
