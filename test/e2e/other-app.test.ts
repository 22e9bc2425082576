import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localCredentials } from '../../local/state.ts';
import { type Running, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';

const root = join(import.meta.dirname, '../..');
const source = (path: string) => pathToFileURL(join(root, path)).href;

/** An app of two stacks, as somebody has it in a folder of their own. Its stack has the name of an argument. */
const app = `
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
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
new CfnOutput(stack, 'Said', { value: [option, name, app.node.getContext('greeting')].join(' ') });
`;

interface Line {
  event: string;
  type?: string;
  outputs: Record<string, string>;
  endpoints: Record<string, string>;
  tables: string[];
  notRun: string[];
  secretVariables: string[];
  secret: string;
}

/** Without what npm adds: the folder's own node_modules give the app its Node. */
const pathOfTheMachine = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((directory) => !directory.includes('node_modules'))
  .join(delimiter);

let folder: string;
let running: Running;
let errors = '';
const lines: Line[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zavu other app '));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'bin/my-app.ts'), app);
  const command = 'node --no-warnings bin/my-app.ts --stack-name MyWebhooks';
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: command, context: { greeting: 'hello' } }));
  running = startCommand('start', ['--json', '--watch', '--port=0'], {
    folder,
    env: { ZAVU_LOCAL_SECRET_CRM: 'key of the CRM', ZAVU_LOCAL_STATE: '', PATH: pathOfTheMachine },
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
  expect(existsSync(join(folder, '.zavu-local.json'))).toBe(false);
  rmSync(folder, { recursive: true });
});

function ready(): Line {
  const line = lines.find(({ event }) => event === 'ready');
  if (!line) throw new Error(`It did not start: ${errors}`);
  return line;
}

test('the local run takes the stack with the webhooks out of what the command of cdk.json makes', () => {
  const { outputs, notRun, tables, secretVariables } = ready();
  expect(outputs.Said).toBe('--stack-name MyWebhooks hello');
  expect(notRun).toEqual(['DataStack']);
  expect(tables).toContain('customers');
  expect(secretVariables).toEqual(['ZAVU_LOCAL_SECRET_CRM', 'ZAVU_LOCAL_SECRET_SHOP']);
});

test('a secret of the user has the text of its variable, or one of its own', async () => {
  const { endpoints, outputs, secret } = ready();
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    credentials: localCredentials,
    endpoint: String(endpoints.secretsManager),
  });
  const textOf = async (SecretId = '') =>
    (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  expect(await textOf('crm')).toBe('key of the CRM');
  expect(await textOf('shop')).not.toBe(secret);
  expect(await textOf(outputs.SigningSecretName)).toBe(secret);
  client.destroy();
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
  const { outputs } = JSON.parse(readFileSync(join(folder, '.zavu-local.json'), 'utf8'));
  expect(outputs.SaidNow).toBe('--stack-name MyWebhooks hello');
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
    /^The local run needs Node 24, .* this is v20\.20\.2: `npm install --save-dev node@24`/,
  );
});
