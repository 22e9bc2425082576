import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, tarball, unpacked } from './tarball.ts';
import { asUser, judgedBefore, startLocalRun } from './user.ts';

const root = join(import.meta.dirname, '../..');

/** An app as the CDK CLI makes it, CommonJS and run by tsx, with a resource of its own and library checks on. */
describe('in an app of `cdk init`', () => {
  const app = join(folder, 'existing-app');
  const edit = (file: string, change: (text: string) => string) => {
    const before = readFileSync(join(app, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} is not what it was: nothing to change.`);
    writeFileSync(join(app, file), after);
  };
  let said: string;

  beforeAll(async () => {
    mkdirSync(app);
    const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
    await asUser(app, 'node', cdk, 'init', 'app', '--language=typescript', '--generate-only');
    const command = join(unpacked, 'bin/zavu-webhooks.mjs');
    ({ stdout: said } = await asUser(app, 'node', command, 'init', '--into', '.'));
    await asUser(app, 'npm', 'install', tarball);
    await asUser(
      app,
      'npm',
      'install',
      '--save-dev',
      ...installLines().map((line) => line.split(' ').at(-1) ?? ''),
    );

    edit('tsconfig.json', (text) => text.replace('"skipLibCheck": true', '"skipLibCheck": false'));
    edit('lib/existing-app-stack.ts', (text) =>
      `import { Topic } from 'aws-cdk-lib/aws-sns';\n${linesForStack('import ')}\n${text}`.replace(
        /(super\(.*\);)/,
        `$1\n    new Topic(this, 'News');\n    ${linesForStack('new ')}`,
      ),
    );
  });

  /** What init says is to be installed besides the package itself. */
  const installLines = () => said.split('\n').filter((line) => /^ {2}npm install --save-dev /.test(line));
  /** The lines that init says belong into a stack. */
  const linesForStack = (start: string) =>
    said
      .split('\n')
      .filter((line) => line.startsWith(`  ${start}`))
      .map((line) => line.trim())
      .join('\n');

  test('it compiles, with the checks of libraries', async () => {
    expect(linesForStack('import ')).toContain('zavu-webhooks');
    await asUser(app, 'npm', 'run', 'build');
  });

  test('it synthesizes, beside what is its own', async () => {
    await asUser(app, 'npx', 'cdk', 'synth', '--quiet');
    const {
      Resources,
      Outputs,
    }: { Resources: Record<string, { Type: string }>; Outputs: Record<string, unknown> } = JSON.parse(
      readFileSync(join(app, 'cdk.out/ExistingAppStack.template.json'), 'utf8'),
    );
    expect(Object.keys(Resources).filter((id) => id.startsWith('News'))).toHaveLength(1);
    const queues = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
    expect(queues.length).toBeGreaterThan(4);
    for (const [id] of queues) expect(id).toMatch(/^Zavu/);
    expect(Outputs).toHaveProperty('ZavuWebhookUrl');
  });

  test('jest tests its stack, as docs/install.md says', async () => {
    writeFileSync(
      join(app, 'test/stack.test.ts'),
      `import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { run, sample } from 'zavu-webhooks/testing';
import { handler } from '../lambda/handlers/message-inbound';
import { ExistingAppStack } from '../lib/existing-app-stack';

test('it has a queue for each worker', () => {
  const template = Template.fromStack(new ExistingAppStack(new cdk.App(), 'Tested'));
  expect(Object.keys(template.findResources('AWS::SQS::Queue')).length).toBeGreaterThan(4);
});

test('its handler handles a message', async () => {
  expect((await run(handler, sample('message.inbound'))).outcome).toBe('handled');
});
`,
    );
    const script = readFileSync(join(root, 'docs/install.md'), 'utf8').match(/"test": "(.*jest.*)"/)?.[1];
    expect(script).toBeDefined();
    edit('package.json', (text) => text.replace('"test": "jest"', `"test": ${JSON.stringify(script)}`));
    const { printed } = await asUser(app, 'npm', 'test');
    expect(printed).toMatch(/Tests: +3 passed/);
  });

  test('it runs, and a message comes to `handled`', async () => {
    const local = await startLocalRun(app, ['npx', 'zavu-webhooks', 'start'], judgedBefore);
    try {
      const { printed } = await asUser(app, 'npx', 'zavu-webhooks', 'send', 'message.inbound', '--fresh');
      const id = printed.match(/"id":"([^"]+)"/)?.[1] ?? '';
      expect(await local.endOf(id)).toBe('handled');
    } finally {
      await local.stop();
    }
  });
});
