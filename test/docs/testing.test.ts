import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type RunOptions, run } from '../../testing/run.ts';
import { sample } from '../../testing/sample.ts';
import { type SomeWebhook, someWebhook } from '../testing/some-webhook.ts';
import { readPage, root, rowsUnder } from './page.ts';

const page = readPage('docs/testing.md');
const secret = 'whsec_of_the_docs';

/** The modules of the package that examples import, as they are here. */
const modules = {
  'zavu-webhooks/testing': 'testing/index.ts',
  'zavu-webhooks/handlers': 'lambda/handlers/handler.ts',
};

/** The examples by the path in their first line, as they run here. */
const examples = [...page.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
  ([, path = '', code = '']) => ({
    path,
    code: Object.entries(modules).reduce(
      (text, [name, file]) => text.replaceAll(`'${name}'`, `'${pathToFileURL(join(root, file)).href}'`),
      code,
    ),
  }),
);

let folder: string;
let webhook: SomeWebhook;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-docs-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const { path, code } of examples) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  webhook = await someWebhook([secret]);
});
afterAll(async () => {
  await webhook.close();
  rmSync(folder, { recursive: true });
});

test.each(examples.map(({ path }) => path).filter((path) => path.endsWith('.test.ts')))(
  'the example %s passes',
  async (path) => {
    const env = { ...process.env, WEBHOOK_URL: webhook.url, WEBHOOK_SECRET: secret };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--test-reporter=tap', join(folder, path)],
      // The whole stack is this repository's own.
      { cwd: root, env, maxBuffer: 10_000_000 },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(stdout).toMatch(/^# pass [1-9]/m);
  },
);

test('every example names its file', () => {
  expect(examples).toHaveLength([...page.matchAll(/^```ts$/gm)].length);
});

test('the options of run are those that it takes, with their defaults', async () => {
  const names = {
    attempt: 1,
    maxAttempts: 5,
    timeoutMs: 30_000,
    replayed: false,
    reconciled: false,
    drift: 'what the worker finds',
    worker: 'test',
  } satisfies Record<keyof RunOptions, unknown>;
  const told = rowsUnder(page, 'option').map(([name = '', , value]) => [name.replaceAll('`', ''), value]);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(Object.entries(names).map(([name, value]) => [name, String(value)])),
  );
  const got: unknown[] = [];
  await run<'message.inbound'>(async (_, context) => {
    context.logger.info('ran');
    got.push(
      context.attempt,
      context.replayed,
      context.reconciled,
      context.remainingTime() <= names.timeoutMs,
    );
  }, sample('message.inbound')).then(({ logs }) => got.push(logs[0]?.worker));
  expect(got).toEqual([names.attempt, names.replayed, names.reconciled, true, names.worker]);
});
