import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { credentialsOf } from '../../local/credentials.ts';
import { type LocalState, readStateFile } from '../../local/state.ts';
import { exchange } from '../../testing/conformance/raw-http.ts';
import { type Running, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';

const root = join(import.meta.dirname, '../..');
const source = (path: string) => pathToFileURL(join(root, path)).href;

/** An app of two stacks, as somebody has it in a folder of their own. Its stack has the name of an argument. */
const app = `
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { readSettings } from '${source('lib/settings/settings.ts')}';
import { WebhookStack } from '${source('lib/webhook-stack.ts')}';
import { handlers } from '${source('test/support/handlers.ts')}';

const app = new App();
new Queue(new Stack(app, 'DataStack'), 'Orders');
const [, , option, name] = process.argv;
const stack = new WebhookStack(app, String(name), { handlers, settings: readSettings(app.node) });
const id = { name: 'id', type: AttributeType.STRING };
const customers = new Table(stack, 'Customers', {
  tableName: 'customers',
  partitionKey: id,
  removalPolicy: app.node.tryGetContext('removal') ?? RemovalPolicy.DESTROY,
});
customers.addGlobalSecondaryIndex({
  indexName: 'byEmail',
  partitionKey: { name: 'email', type: AttributeType.STRING },
});
new Secret(stack, 'CrmKey', { secretName: 'crm' });
new Secret(stack, 'ShopKey', { secretName: 'shop' });

const orders = new Queue(stack, 'Orders', { fifo: true });
const told = new Topic(stack, 'Told');
const kept = new Queue(stack, 'Kept');
told.addSubscription(new SqsSubscription(kept));
const level = new StringParameter(stack, 'Level', { parameterName: '/shop/level', stringValue: 'high' });
const photos = new Bucket(stack, 'Photos');
const imported = Table.fromTableName(stack, 'Invoices', 'invoices');
const shared = Secret.fromSecretNameV2(stack, 'Shared', 'shared/key');
const guest = new Lambda(stack, 'Guest', {
  code: Code.fromAsset('guest'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
  logGroup: new LogGroup(stack, 'GuestLog', { retention: RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY }),
  environment: { CRM_URL: 'https://crm.example', TOPIC: told.topicArn, BUCKET: photos.bucketName },
});
guest.addEventSource(new SqsEventSource(orders, { reportBatchItemFailures: true }));
customers.grantReadData(guest);
told.grantPublish(guest);
level.grantRead(guest);
photos.grantRead(guest);
imported.grantReadData(guest);
shared.grantRead(guest);
new CfnOutput(stack, 'KeptUrl', { value: kept.queueUrl });
new CfnOutput(stack, 'Said', { value: [option, name, app.node.getContext('greeting')].join(' ') });
`;

/** A function beside the webhooks: it calls all that the stack has, and prints what it got. */
const guest = `
import { createRequire } from 'node:module';
const require = createRequire('${join(root, 'package.json').replaceAll('\\', '/')}');
const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const { GetObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
const { PublishCommand, SNSClient } = require('@aws-sdk/client-sns');

async function parameter(Name) {
  const headers = {
    authorization: \`AWS4-HMAC-SHA256 Credential=\${process.env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/ssm/aws4_request\`,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonSSM.GetParameter',
  };
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body: JSON.stringify({ Name }) });
  return (await answer.json()).Parameter.Value;
}

const sentence = (called) => called.then(() => 'answered', ({ name, message }) => [name, message].join(': '));
export const handler = async ({ Records }) => {
  const dynamoDb = new DynamoDBClient();
  const get = (TableName) => dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: '1' } } }));
  const secrets = new SecretsManagerClient();
  await new SNSClient().send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: 'published' }));
  const s3 = new S3Client({ forcePathStyle: true });
  console.log(JSON.stringify({
    guest: Records.map(({ body, attributes }) => [body, attributes.MessageGroupId]),
    crm: process.env.CRM_URL,
    customer: (await get('customers')).Item,
    level: await parameter('/shop/level'),
    shared: (await secrets.send(new GetSecretValueCommand({ SecretId: 'shared/key' }))).SecretString,
    imported: await sentence(get('invoices')),
    photo: await sentence(s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: 'photo' }))),
  }));
};
`;

interface Line {
  event: string;
  type?: string;
  outputs: Record<string, string>;
  endpoints: Record<string, string>;
  queues: Record<string, string>;
  tables: string[];
  notRun: string[];
  secretVariables: string[];
  notEmulated: string[];
  imported: string[];
  setVariables: string[];
  unusedVariables: string[];
  secret: string;
  stateFile: string;
  line?: string;
  reason?: string;
}

/** Without what npm adds: the folder's own node_modules give the app its Node. */
const pathOfTheMachine = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((directory) => !directory.includes('node_modules'))
  .join(delimiter);

const webhookSecret = 'whsec_of_the_other_app';

let folder: string;
/** Where the local run keeps what it makes. */
let temporary: string;
let running: Running;
let errors = '';
const lines: Line[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "zavu other #1 %20 app's "));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'bin/my-app.ts'), app);
  mkdirSync(join(folder, 'guest'));
  writeFileSync(join(folder, 'guest/index.mjs'), guest);
  writeFileSync(
    join(folder, '.env.local'),
    'ZAVU_LOCAL_SECRET_SHARED_KEY="key of the account"\nZAVU_LOCAL_SECRET_CRM=of the file\nCRM_URL=http://127.0.0.1:1\nWORKER_NAME=other\n',
  );
  mkdirSync(join(folder, 'local/seeds'), { recursive: true });
  writeFileSync(
    join(folder, 'local/seeds/customers.json'),
    JSON.stringify([{ id: '1', name: 'Ana', tags: ['a'] }]),
  );
  writeFileSync(join(folder, 'local/seeds/Orders.json'), JSON.stringify([{ order: 1 }]));
  const command = 'node --no-warnings bin/my-app.ts --stack-name MyWebhooks';
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: command, context: { greeting: 'hello' } }));
  running = startCommand('start', ['--json', '--watch', '--port=0'], {
    folder,
    env: {
      ZAVU_LOCAL_SECRET_CRM: 'key of the CRM',
      ZAVU_WEBHOOK_SECRET: webhookSecret,
      ZAVU_LOCAL_STATE: '',
      PATH: pathOfTheMachine,
      TMPDIR: temporary,
      TEMP: temporary,
    },
  });
  running.process.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const { stdout } = running.process;
  if (!stdout) throw new Error('No standard output.');
  createInterface({ input: stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  await eventually(
    () => lines.some(({ event }) => event === 'ready') || running.process.exitCode !== null,
    () => `a start\n${errors}`,
  );
  ready();
});

afterAll(async () => {
  running.process.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
  expect(readdirSync(folder).filter((name) => name.startsWith('.zavu-local'))).toEqual([]);
  expect(readdirSync(temporary).filter((name) => name.startsWith('zavu-local-'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

function ready(): Line {
  const line = lines.find(({ event }) => event === 'ready');
  if (!line) throw new Error(`It did not start: ${errors}`);
  return line;
}

/** What commands find. */
function state(): LocalState {
  return readStateFile(ready().stateFile);
}

test('the local run takes the stack with the webhooks out of what the command of cdk.json makes', () => {
  const { outputs, notRun, tables, secretVariables } = ready();
  expect(outputs.Said).toBe('--stack-name MyWebhooks hello');
  expect(notRun).toEqual(['DataStack']);
  expect(tables).toContain('customers');
  expect(secretVariables).toEqual([
    'ZAVU_LOCAL_SECRET_CRM',
    'ZAVU_LOCAL_SECRET_SHOP',
    'ZAVU_LOCAL_SECRET_SHARED_KEY',
  ]);
});

test('it says what is not here, and what became of .env.local', () => {
  const { imported, setVariables, unusedVariables } = ready();
  expect(imported).toEqual(['table invoices']);
  expect(setVariables).toEqual(['CRM_URL']);
  expect(unusedVariables).toEqual(['WORKER_NAME (the webhooks need it as it is)']);
});

test('a function beside the webhooks has seeds, a FIFO queue, a topic, a parameter, variables and reasons', async () => {
  const printed = () => lines.find(({ event, line }) => event === 'log' && line?.startsWith('{"guest"'));
  await eventually(
    () => printed() !== undefined || lines.some(({ event }) => event === 'failed'),
    () => `a line of the guest\n${errors}`,
  );
  const missing =
    'The table invoices is not in this stack, so it is not here. Put it into the stack when the app runs here, or ' +
    'start the local run with $DYNAMODB_ENDPOINT set to an endpoint of DynamoDB that has it.';
  const strange =
    'S3 is not emulated, and GetObject was called. Set AWS_ENDPOINT_URL_S3 in .env.local to an emulator of it, or ' +
    'give the handler a fake for it.';
  expect(JSON.parse(printed()?.line ?? '{}')).toEqual({
    guest: [['{"order":1}', 'seeds']],
    crm: 'http://127.0.0.1:1',
    customer: { id: { S: '1' }, name: { S: 'Ana' }, tags: { L: [{ S: 'a' }] } },
    level: 'high',
    shared: 'key of the account',
    imported: `ResourceNotFoundException: ${missing}`,
    photo: `NotEmulated: ${strange}`,
  });
  const refused = lines.filter(({ event }) => event === 'refused').map(({ reason }) => reason);
  expect(refused.sort()).toEqual([strange, missing].sort());

  const { endpoints, outputs } = ready();
  const sqs = new SQSClient({
    region: 'us-east-1',
    credentials: readStateFile(ready().stateFile).credentials,
    endpoint: String(endpoints.sqs),
  });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: outputs.KeptUrl }));
  sqs.destroy();
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body).Message)).toEqual(['published']);
  expect(lines.filter(({ event }) => event === 'notified')).toMatchObject([
    { topic: expect.stringContaining('Told'), readers: [expect.stringContaining('Kept')] },
  ]);
});

test('a secret of the user has the text of its variable, or one of its own', async () => {
  const { endpoints, outputs, secret, credentials } = state();
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    credentials,
    endpoint: endpoints.secretsManager,
  });
  const textOf = async (SecretId = '') =>
    (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  expect(await textOf('crm')).toBe('key of the CRM');
  expect(await textOf('shop')).not.toBe(secret);
  expect(await textOf(outputs.SigningSecretName)).toBe(secret);
  client.destroy();
});

test('every service refuses pages, other hosts, and who has no credentials of the run', async () => {
  const { credentials, endpoints, outputs } = state();
  const [queueUrl = ''] = Object.values(ready().queues);
  const all = { ...endpoints, functions: new URL(queueUrl).origin };
  const signedBy = (accessKeyId: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/sqs/aws4_request`,
  });
  const name = String(outputs.UnroutedQueueUrl).split('/').at(-1);
  const own = signedBy(credentials.accessKeyId);
  const refused = [
    { ...own, origin: 'https://evil.example' },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, host: 'evil.example' },
    {},
    signedBy('local'),
    signedBy(String(name)),
  ];
  const known = [own, signedBy(credentialsOf('Any', credentials).accessKeyId)];
  for (const [service, endpoint] of Object.entries(all)) {
    const status = async (headers: Record<string, string>, method = 'POST') =>
      (await exchange(endpoint, { method, headers, body: Buffer.from('{}') })).status;
    for (const headers of refused)
      expect([service, headers, await status(headers)]).toEqual([service, headers, 403]);
    expect([service, await status({ origin: 'https://evil.example' }, 'OPTIONS')]).toEqual([service, 403]);
    for (const headers of known) expect([service, await status(headers)]).not.toEqual([service, 403]);
  }
});

test("a page's form cannot have an event handled through SNS, and none reaches the webhook URL", async () => {
  const { endpoints, url } = state();
  const form = (fields: Record<string, string>, headers: Record<string, string>) =>
    exchange(endpoints.sqs, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: Buffer.from(new URLSearchParams({ Version: '2010-03-31', ...fields }).toString()),
    });
  const createTopic = { Action: 'CreateTopic', Name: 'evil' };
  expect((await form(createTopic, { origin: 'null' })).status).toBe(403);
  // By a browser that says nothing of where it comes from.
  expect((await form(createTopic, {})).status).toBe(403);
  expect((await exchange(url, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  expect((await exchange(url, { headers: { host: 'my-tunnel.example' } })).status).toBe(401);
});

test("the user's own signing secret is shown by its end, and its state file, for the owner alone, has it whole", () => {
  const { secret, stateFile } = ready();
  expect(secret).toBe('…_app');
  expect(state().secret).toBe(webhookSecret);
  expect(basename(stateFile)).toMatch(/^\.zavu-local\.\d+\.json$/);
  if (process.platform !== 'win32') expect(statSync(stateFile).mode & 0o777).toBe(0o600);
});

test('a port that a local run of the folder has is said to be its port', async () => {
  const { port, pid } = state();
  const second = await runCommand('start', [`--port=${port}`], { folder, env: { ZAVU_LOCAL_STATE: '' } });
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain(
    `Port ${port} is taken by the local run of process ${pid}, which was started in this folder.`,
  );
  expect(state().pid).toBe(pid);
});

test('a command in the same folder finds it, and an event is handled', async () => {
  const sent = await runCommand('send', ['message.sent'], { folder, env: { ZAVU_LOCAL_STATE: '' } });
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringMatching(/^200 /) });
  await eventually(
    () => lines.some(({ event, type }) => event === 'handled' && type === 'message.sent'),
    () => `the event handled; there was ${lines.map(({ event }) => event).join(', ')}`,
  );
});

test('a change that is saved by rename is deployed, and commands see its outputs', async () => {
  const file = join(folder, 'bin/my-app.ts');
  writeFileSync(`${file}~`, app.replace("'Said'", "'SaidNow'"));
  renameSync(`${file}~`, file);
  await eventually(
    () => errors.includes('Deployed again in '),
    () => `another deployment\n${errors}`,
  );
  const { outputs } = state();
  expect(outputs.SaidNow).toBe('--stack-name MyWebhooks hello');
});

test('of what was deployed, the last assembly alone stays', async () => {
  const [workspace = ''] = readdirSync(temporary).filter((name) => name.startsWith('zavu-local-'));
  const left = () => readdirSync(join(temporary, workspace)).filter((name) => name.startsWith('assembly-'));
  await eventually(
    () => left().length === 1,
    () => `one assembly; there is ${left().join(', ')}`,
  );
  expect(readdirSync(join(temporary, workspace, String(left()[0])))).toContain('MyWebhooks.template.json');
});

test.each([
  [['--stack=Other'], "--stack Other is no stack that receives Zavu's webhooks. There is: MyWebhooks."],
  [['--app=node bin/gone.ts'], 'bin/gone.ts'],
  [
    ['--app=node bin/my-app.ts --stack-name MyWebhooks', '-cstage=no_where'],
    '-c stage=no_where cannot name a stage',
  ],
  [['-cremoval=retain'], 'MyWebhooks/Customers stays behind if the deployment that creates it fails'],
])('a start with %j ends with 1 and a sentence', async (options, sentence) => {
  const { code, stderr } = await runCommand('start', ['--port=0', ...options], { folder });
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^\s+at |node internals|use strict|report can be found/m);
});

test('a start in a folder without an app says what to do', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'zavu-empty-'));
  const { code, stderr } = await runCommand('start', ['--port=0'], { folder: empty, env: { HOME: empty } });
  rmSync(empty, { recursive: true });
  expect(code).toBe(1);
  // A home without settings of the CDK CLI.
  expect(stderr).toMatch(/^No cdk\.json in .* says how to run an app\. Run the command in the folder/);
});

test('under an older Node it says what to do, before it loads what that does not have', async () => {
  const asOlderNode = `
    import { registerHooks } from 'node:module';
    Object.defineProperty(process, 'version', { value: 'v20.20.2' });
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === 'node:sqlite') throw new Error('No such built-in module: node:sqlite');
        return next(specifier, context);
      },
    });`;
  const { code, stderr } = await runCommand('start', ['--port=0'], {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asOlderNode)}` },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^This project needs Node 24, and this is v20\.20\.2\. The right one is installed here/,
  );
});
