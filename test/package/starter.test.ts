import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import recorded from '../lib/stateful-resources.json' with { type: 'json' };
import { describeWork } from './starter-at-work.ts';
import { folder, tarball, unpacked } from './tarball.ts';
import { asUser, failAsUser, startLocalRun } from './user.ts';

/** As small as pnpm can be had: 68 MB, too much for everybody's `npm ci`. */
const pnpm = ['--yes', 'pnpm@12.21.0'];

interface Template {
  Resources: Record<string, { Type: string; Properties?: unknown }>;
}

const readTemplate = (app: string): Template =>
  JSON.parse(readFileSync(join(app, 'cdk.out/ZavuWebhooks-dev.template.json'), 'utf8'));

const idsAndTypes = ({ Resources }: Template) =>
  Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]));

/** What a new user does with each package manager. */
describe.each([
  {
    manager: 'npm',
    install: ['npm', 'install', tarball],
    test: ['npm', 'test'],
    tool: ['npx'],
    localRun: ['npm', 'start', '--'],
  },
  {
    manager: 'pnpm',
    install: ['npx', ...pnpm, 'add', tarball],
    test: ['npx', ...pnpm, 'test'],
    tool: ['npx', ...pnpm, 'exec'],
    localRun: ['npx', ...pnpm, 'start'],
  },
])('the starter, installed by $manager', ({ manager, install, test: runTests, tool, localRun }) => {
  const app = join(folder, `starter-${manager}`);
  const run = ([command = '', ...args]: readonly string[], ...more: readonly string[]) =>
    asUser(app, command, ...args, ...more);

  beforeAll(async () => {
    await asUser(folder, 'node', join(unpacked, 'bin/zavu-webhooks.mjs'), 'init', `starter-${manager}`);
    await run(install);
  });

  test('`npm test` checks its types, and runs its own tests alone', async () => {
    const { printed } = await run(runTests);
    expect(printed).toMatch(/tests 1\b/);
    expect(printed).toMatch(/pass 1\b/);
  });

  test('it synthesizes, and its stateful resources are the recorded ones', async () => {
    await run([...tool, 'cdk', 'synth', '--quiet']);
    const { Resources } = readTemplate(app);
    const known: Readonly<Record<string, { type: string }>> = recorded;
    const types = new Set(Object.values(known).map(({ type }) => type));
    const stateful = Object.entries(Resources).filter(([, { Type }]) => types.has(Type));
    expect(stateful.length).toBeGreaterThan(10);
    expect(stateful.map(([id, { Type }]) => [id, Type])).toEqual(
      stateful.map(([id]) => [id, known[id]?.type]),
    );
  });

  test('it runs, and a message comes to `handled`', async () => {
    const local = await startLocalRun(app, localRun);
    try {
      const { printed } = await run([...tool, 'zavu-webhooks', 'send', 'message.inbound', '--fresh']);
      const id = printed.match(/"id":"([^"]+)"/)?.[1] ?? '';
      expect(await local.endOf(id)).toBe('handled');
    } finally {
      await local.stop();
    }
  });
});

describeWork(join(folder, 'starter-npm'));

describe('the starter of npm', () => {
  const app = join(folder, 'starter-npm');

  test('the compiler names a handler that is missing, and one of another type', async () => {
    const file = join(app, 'lambda/broken.ts');
    writeFileSync(
      file,
      `import { defaults, defineHandlers } from 'zavu-webhooks/handlers';
const { 'call.failed': _, ...others } = defaults;
defineHandlers(import.meta.url, others);
defineHandlers(import.meta.url, {
  ...defaults,
  'message.read': { worker: 'inbound', load: () => import('./handlers/message-inbound.ts') },
});
`,
    );
    const { printed } = await failAsUser(app, 'npx', 'tsc', '--pretty', 'false').finally(() => rmSync(file));
    expect(printed).toMatch(/broken\.ts\(3,\d+\): error TS2741: Property '"call\.failed"' is missing/);
    expect(printed).toMatch(/broken\.ts\(6,\d+\): error TS2322/);
    expect(printed.match(/error TS/g)).toHaveLength(2);
  });

  test('a package of ES modules works in a handler, in its test and in its bundle', async () => {
    const dependency = join(app, 'node_modules/esm-only');
    mkdirSync(dependency);
    writeFileSync(
      join(dependency, 'package.json'),
      JSON.stringify({
        name: 'esm-only',
        type: 'module',
        exports: { import: './index.js', types: './index.d.ts' },
      }),
    );
    writeFileSync(join(dependency, 'index.js'), "export const word = await Promise.resolve('esm_only');");
    writeFileSync(join(dependency, 'index.d.ts'), 'export declare const word: string;');
    const files = {
      handler: join(app, 'lambda/handlers/message-inbound.ts'),
      test: join(app, 'test/esm-only.test.ts'),
    };
    const before = readFileSync(files.handler, 'utf8');
    try {
      writeFileSync(
        files.handler,
        `import { PermanentFailure, type Handler } from 'zavu-webhooks/handlers';
import { word } from 'esm-only';

export const handler: Handler<'message.inbound'> = async () => {
  throw new PermanentFailure(word);
};
`,
      );
      rmSync(join(app, 'test/message-inbound.test.ts'));
      writeFileSync(
        files.test,
        `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, sample } from 'zavu-webhooks/testing';
import { handler } from '../lambda/handlers/message-inbound.ts';

test('it is dead-lettered', async () => {
  assert.equal((await run(handler, sample('message.inbound'))).outcome, 'dead_lettered');
});
`,
      );
      await asUser(app, 'npm', 'test');
      await asUser(app, 'npx', 'cdk', 'synth', '--quiet', '--output=esm.out');
      const bundles = readdirSync(join(app, 'esm.out'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.mjs'))
        .map((file) => readFileSync(join(app, 'esm.out', file), 'utf8'));
      expect(bundles.some((code) => code.includes('esm_only'))).toBe(true);
    } finally {
      writeFileSync(files.handler, before);
      for (const left of [files.test, dependency, join(app, 'esm.out')]) rmSync(left, { recursive: true });
    }
  });

  test("its template is that of pnpm's, with the same bundles and versions of the code", () => {
    expect(readTemplate(app)).toEqual(readTemplate(join(folder, 'starter-pnpm')));
  });

  test("its resources are those of the repository's own app", async () => {
    const root = join(import.meta.dirname, '../..');
    const out = join(folder, 'repository/cdk.out');
    await asUser(root, 'npx', 'cdk', 'synth', '--quiet', `--output=${out}`);
    expect(idsAndTypes(readTemplate(app))).toEqual(idsAndTypes(readTemplate(join(folder, 'repository'))));
  });

  const exported = ['', '/handlers', '/worker', '/testing'];

  test.each([
    ["the system's", 'node'],
    ["the app's", join(app, 'node_modules/node/bin/node')],
  ])('its exports load by `require`, under %s Node', async (_, node) => {
    const names = exported.map((path) => JSON.stringify(`zavu-webhooks${path}`));
    const script = `for (const name of [${names}]) if (Object.keys(require(name)).length === 0) throw new Error(name);`;
    writeFileSync(join(app, 'require.cjs'), script);
    await asUser(app, node, 'require.cjs').finally(() => rmSync(join(app, 'require.cjs')));
  });

  test('its exports are those of package.json', () => {
    const { exports } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    expect(Object.keys(exports).sort()).toEqual(
      [...exported.map((path) => `.${path}`), './package.json'].sort(),
    );
  });
});
