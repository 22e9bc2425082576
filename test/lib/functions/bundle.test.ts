import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../lib/functions/bundle.ts';
import { readBundleRecords, recordsVariable } from '../../../lib/functions/bundle-records.ts';
import { lambdaFile } from '../../../lib/functions/entry.ts';
import { newFolder, npmLayout, type Project, pnpmLayout, workspaceLayout } from './layouts.ts';

jest.unmock('../../../lib/functions/bundle.ts');

const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const twin = "let count = 0; export const handler = () => (count += 1) + ' by a twin';";

/** Chunks that are shared, that name each other in a circle, and that hold the same bytes. */
const project: Project = {
  files: {
    'package.json': '{"type":"module"}',
    'lambda/handlers.ts': `/*! By the user. */
      import { EOL } from 'node:os';
      import { left } from 'left';
      import { right } from 'right';
      export const name: string = EOL + 'table of ' + left() + right();
      export const handlers = {
        inbound: () => import('./handlers/message-inbound.ts'),
        twin: () => import('./handlers/one/index.ts'),
        otherTwin: () => import('./handlers/other/index.ts'),
        odd: () => import('./handlers/call #1.ts'),
      };`,
    'lambda/handlers/message-inbound.ts': `
      import { lazily } from 'left';
      import { name } from '../handlers.ts';
      export const handler = async () => 'handled by' + name.replace(/\\s+/, ' ') + (await lazily()).lazy();`,
    'lambda/handlers/one/index.ts': twin,
    'lambda/handlers/other/index.ts': twin,
    'lambda/handlers/call #1.ts': "export const handler = () => 'called';",
  },
  packages: {
    // By their names, they lie in another order than that in which they are imported.
    left: {
      dependencies: ['a-shared'],
      files: {
        'package.json': '{"type":"module","main":"index.js"}',
        'index.js': `import { shared } from 'a-shared';
          export const left = () => shared('left');
          export const lazily = () => import('a-shared/lazy.js');
          export const never = () => import('a-shared/never.js');`,
      },
    },
    right: {
      dependencies: ['a-shared'],
      files: {
        'package.json': '{"main":"index.js"}',
        'index.js': "/*! By right. */ exports.right = () => require('a-shared').shared('right');",
      },
    },
    'a-shared': {
      files: {
        'package.json': '{"type":"module","main":"index.js"}',
        'index.js': "export const shared = (word) => word + ', ';",
        'lazy.js': "import { shared } from './index.js'; export const lazy = () => shared('lazily');",
        'never.js': "export const never = 'never loaded';",
      },
    },
  },
};

describe('the same code in other layouts', () => {
  const flat = join(folder, 'flat');
  const linked = join(folder, 'a deeper/folder #1 & ümlaut');
  const changed = join(folder, 'changed');
  npmLayout(flat, project);
  pnpmLayout(linked, project);
  const workspace = join(folder, 'workspace');
  workspaceLayout(workspace, project);
  const inbound = 'lambda/handlers/message-inbound.ts';
  const file = project.files[inbound]?.replace('handled', 'handles') ?? '';
  npmLayout(changed, { ...project, files: { ...project.files, [inbound]: file } });

  test.each([
    ['as pnpm installs it', linked],
    ['with workspaces', workspace],
  ])('has the same files and the same version: %s', (_, root) => {
    const [npm, other] = [bundleTable(flat), bundleTable(root)];
    expect(contents(other)).toEqual(contents(npm));
    expect(other.version).toBe(npm.version);
    expect(Object.keys(contents(npm)).length).toBeGreaterThan(6);
  });

  test('report 2: has the same version if files have the line ends of Windows', () => {
    const crlf = join(folder, 'crlf');
    const files = Object.entries(project.files).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]);
    npmLayout(crlf, { ...project, files: Object.fromEntries(files) });
    expect(bundleTable(crlf).version).toBe(bundleTable(flat).version);
  });

  test('shows no path, and keeps notices of licenses', () => {
    const text = Object.values(contents(bundleTable(linked))).join('');
    expect(text).toContain('/*! By the user. */');
    expect(text).toContain('/*! By right. */');
    expect(text).not.toMatch(/node_modules|lambda\/|deeper/);
  });

  test('has another version if a byte of a module that is loaded late is another', () => {
    const [before, after] = [bundleTable(flat), bundleTable(changed)];
    expect(Object.keys(contents(after))).toEqual(Object.keys(contents(before)));
    expect(after.version).not.toBe(before.version);
  });

  test('runs: late modules are found, and two of the same bytes are two', () => {
    const script = `
      const { inbound, twin, otherTwin, odd } = handler;
      const run = async (load) => (await load()).handler();
      print([await run(inbound), await run(twin), await run(twin), await run(otherTwin), await run(odd)]);`;
    expect(run(bundleTable(linked), script)).toEqual([
      'handled by table of left, right, lazily, ',
      '1 by a twin',
      '2 by a twin',
      '1 by a twin',
      'called',
    ]);
  });

  test('has no file that no other loads', () => {
    const files = Object.entries(contents(bundleTable(flat)));
    const loaded = ([name]: [string, string]) => files.some(([, text]) => text.includes(`"./${name}"`));
    expect(files.filter((file) => !loaded(file)).map(([name]) => name)).toEqual(['index.mjs']);
    expect(files.map(([, text]) => text).join('')).not.toContain('never loaded');
  });
});

test('a generated entry is built once, by its content', () => {
  const root = join(folder, 'once');
  npmLayout(root, { files: { 'value.ts': 'export const value = 1;' } });
  const entry = (value: string) => ({
    name: 'worker',
    source: `import { value } from './value.ts'; export const handler = value + ${value};`,
    resolveDirectory: root,
  });
  const first = bundle(entry('1'));
  expect(bundle(entry('1')).code.path).toBe(first.code.path);
  const other = bundle(entry('2'));
  expect(other.version).not.toBe(first.version);
  expect([run(first, 'print(handler)'), run(other, 'print(handler)')]).toEqual([2, 3]);
});

test('each entry leaves a record for whoever makes it again, also if two give the same bundle', () => {
  const root = join(folder, 'records');
  npmLayout(root, {
    files: { 'one.ts': 'export const handler = 1;', 'other.ts': 'export const handler = 1;' },
  });
  const entries = ['one.ts', 'other.ts'].map((name) => join(root, name));
  process.env[recordsVariable] = join(root, 'records');
  const [one, other] = entries.map((entry) => bundle(entry));
  delete process.env[recordsVariable];
  expect(one?.version).toBe(other?.version);
  const records = readBundleRecords(join(root, 'records'));
  expect(records.map(({ entry, inputs }) => [entry, inputs]).sort()).toEqual(
    entries.map((entry) => [entry, [entry]]),
  );
  expect(records[0]?.digest.slice(0, 12)).toBe(one?.version);
});

test('an entry may be the path of a file', () => {
  const root = join(folder, 'path');
  npmLayout(root, { files: { 'entry.ts': 'export const handler: number = 1;' } });
  const bundled = bundle(join(root, 'entry.ts'));
  expect(readdirSync(bundled.code.path)).toEqual(['index.mjs']);
  expect(run(bundled, 'print(handler)')).toBe(1);
});

describe('code of a user', () => {
  test('may be CommonJS, with __filename and __dirname', () => {
    const root = join(folder, 'commonjs');
    npmLayout(root, {
      files: {
        'package.json': '{"type":"commonjs"}',
        'lambda/handlers.ts': `
          import other = require('./other');
          export const handlers = { __filename, __dirname, other, load: () => import('./late') };`,
        'lambda/other.ts':
          "module.exports = { of: typeof module, main: require('node:path').basename(__dirname) };",
        'lambda/late.ts': 'export const late = __filename;',
      },
    });
    const bundled = bundleTable(root);
    const directory = bundled.code.path;
    expect(run(bundled, 'print({ ...handler, late: (await handler.load()).late });')).toEqual({
      __filename: join(directory, 'index.mjs'),
      __dirname: directory,
      other: { of: 'object', main: directory.split(/[\\/]/).at(-1) },
      late: expect.stringMatching(/[\\/]late-\d+\.mjs$/),
    });
  });

  test('may be JavaScript that tsc compiled to CommonJS', () => {
    const root = join(folder, 'compiled');
    npmLayout(root, {
      files: {
        'lambda/handlers.js': `"use strict";
          Object.defineProperty(exports, "__esModule", { value: true });
          exports.handlers = { load: () => Promise.resolve().then(() => require("./late")) };`,
        'lambda/late.js': 'exports.late = 1;',
      },
    });
    const bundled = bundleTable(root, 'handlers.js');
    expect(run(bundled, 'print((await handler.load()).late);')).toBe(1);
  });

  test.each([
    ['exports.handler', 'exports.handler = () => 1;'],
    ['module.exports', 'module.exports = { handler: () => 1 };'],
    [
      'what tsc makes',
      'Object.defineProperty(exports, "__esModule", { value: true }); exports.handler = () => 1;',
    ],
  ])('may be a handler in CommonJS: %s', (_, text) => {
    const root = join(folder, `commonjs-${text.length}`);
    npmLayout(root, {
      files: {
        'package.json': '{"type":"module"}',
        'lambda/handlers/read.cjs': text,
        'lambda/handlers.ts': `
          const entries = { 'message.read': { worker: 'inbound', load: () => import('./handlers/read.cjs') } };
          export const handlers = { entries, routes: { workers: ['inbound'], typesOf: () => ['message.read'] } };`,
      },
    });
    const bundled = bundle({
      name: 'worker',
      source: `
        import { handlers } from ${JSON.stringify(join(root, 'lambda/handlers.ts'))};
        import { loadHandlers } from ${JSON.stringify(lambdaFile('worker/load-handlers'))};
        export const handler = await loadHandlers(handlers, 'inbound');`,
      resolveDirectory: root,
    });
    expect(run(bundled, "print(handler['message.read']());")).toBe(1);
  });

  test('may import JSON, with and without an attribute', () => {
    const root = join(folder, 'json');
    npmLayout(root, {
      files: {
        'package.json': '{"type":"module"}',
        'lambda/data.json': '{"greeting":"Olá","default":2}',
        'lambda/handlers.ts': `
          import data from './data.json' with { type: 'json' };
          import { greeting } from './data.json';
          const late = () => import('./data.json', { with: { type: 'json' } });
          export const handlers = { data, greeting, late };`,
      },
    });
    const data = { greeting: 'Olá', default: 2 };
    expect(run(bundleTable(root), 'print({ ...handler, late: (await handler.late()).default });')).toEqual({
      data,
      greeting: 'Olá',
      late: data,
    });
  });

  test.each(['commonjs', 'module'])('may import a package that is ESM only, from %s', (type) => {
    const root = join(folder, `esm-only-${type}`);
    pnpmLayout(root, {
      files: {
        'package.json': `{"type":"${type}"}`,
        'lambda/handlers.ts': `
          import only, { named } from 'only';
          export const handlers = { only, named, late: () => import('only/late') };`,
      },
      packages: {
        only: {
          files: {
            'package.json':
              '{"type":"module","exports":{".":{"import":"./index.js"},"./late":{"import":"./late.js"}}}',
            'index.js': "export default 'default'; export const named = await Promise.resolve('named');",
            'late.js': "export default 'late';",
          },
        },
      },
    });
    expect(run(bundleTable(root), 'print({ ...handler, late: (await handler.late()).default });')).toEqual({
      only: 'default',
      named: 'named',
      late: 'late',
    });
  });
});

describe('an error', () => {
  const root = join(folder, 'errors');
  npmLayout(root, {
    files: {
      'lambda/broken.ts': 'export const handlers = 1;\nconst x: = 2;',
      'lambda/unresolved.ts': "\n\nimport 'nowhere';\nexport const handlers = 1;",
      'lambda/misnamed.ts': 'export const table = 1;',
      'lambda/empty.ts': 'const handlers = 1;',
      'lambda/indirect.ts':
        "import { handlers as others } from './misnamed.ts';\nexport const handlers = others;",
    },
  });

  test.each([
    ['broken.ts', /lambda\/broken\.ts:2:9: ERROR: Unexpected "="/],
    ['unresolved.ts', /lambda\/unresolved\.ts:3:7: ERROR: Could not resolve "nowhere"/],
    ['indirect.ts', /lambda\/indirect\.ts:1:9: ERROR: No matching export in ".*misnamed\.ts"/],
  ])('in %s names file and line', (file, message) => {
    expect(() => bundleTable(root, file)).toThrow(message);
  });

  test.each(['misnamed.ts', 'empty.ts'])('of %s, which exports no handlers, says what to write', (file) => {
    expect(() => bundleTable(root, file)).toThrow(
      new RegExp(
        `lambda/${file} exports no \`handlers\`: write \`export const handlers = defineHandlers\\(import.meta.url, {...}\\)\`$`,
      ),
    );
  });
});

/** Bundles a worker's entry as synthesis writes it, for a table of handlers. */
function bundleTable(root: string, file = 'handlers.ts') {
  const path = JSON.stringify(join(root, 'lambda', file));
  const source = `import { handlers } from ${path};\nexport const handler = await Promise.resolve(handlers);`;
  return bundle({ name: 'worker', source, resolveDirectory: root });
}

function contents({ code }: ReturnType<typeof bundle>): Record<string, string> {
  return Object.fromEntries(
    readdirSync(code.path).map((name) => [name, readFileSync(join(code.path, name), 'utf8')]),
  );
}

/** What a script prints that has the bundle's `handler`. */
function run({ code }: ReturnType<typeof bundle>, script: string): unknown {
  const url = JSON.stringify(pathToFileURL(join(code.path, 'index.mjs')).href);
  const before = `import { handler } from ${url}; const print = (value) => console.log(JSON.stringify(value));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', before + script]).toString(),
  );
}
