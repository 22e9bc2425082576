import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStarter, starterFiles } from '../../../cli/init/starter.ts';
import { command as init } from '../../../cli/init.ts';
import { execute } from '../../../cli/shared/execution.ts';

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-init-'));
  printed = [];
  for (const stream of ['log', 'error'] as const) {
    jest
      .spyOn(console, stream)
      .mockImplementation((...texts) => void printed.push(...texts.join(' ').split('\n')));
  }
});
afterEach(() => jest.restoreAllMocks());

const runInit = (...args: string[]) => execute(() => init.parseAsync(args, { from: 'user' }), 'init');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const write = (file: string, content: string | object) =>
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

describe('init <folder>', () => {
  test('makes the folder, writes every file, and says what comes next', async () => {
    folder = join(folder, 'My Webhooks');
    expect(await runInit(folder)).toBe(0);
    expect(files()).toBe(starterFiles.length);
    for (const file of starterFiles) {
      if (file === 'package.json') expect(JSON.parse(read(file)).name).toBe('my-webhooks');
      else expect(read(file)).toBe(readStarter(file));
      expect(printed).toContain(`  written  ${file}`);
    }
    expect(printed.slice(-5)).toEqual(['Next:', '', `  cd "${folder}"`, '  npm install', '  npm start']);
  });

  test('leaves a file that is there, and says so in one line', async () => {
    write('cdk.json', 'mine');
    expect(await runInit(folder)).toBe(0);
    expect(read('cdk.json')).toBe('mine');
    expect(printed.filter((line) => line.includes('cdk.json'))).toEqual(['  left     cdk.json: it is there']);
    expect(files()).toBe(starterFiles.length);
  });
});

describe('init --into', () => {
  const into = () => runInit('--into', folder);

  test.each([
    ['module', '.ts', { compilerOptions: { allowImportingTsExtensions: true } }],
    ['module', '.ts', { compilerOptions: { rewriteRelativeImportExtensions: true } }],
    ['module', '.js', { compilerOptions: { allowImportingTsExtensions: false } }],
    ['module', '.js', {}],
    ['module', '.js', undefined],
    ['commonjs', '.ts', { compilerOptions: { allowImportingTsExtensions: true } }],
    [undefined, '.js', '// "allowImportingTsExtensions": true\n{}'],
    [undefined, '.js', '{ /* "allowImportingTsExtensions": true */ }'],
    [undefined, '.ts', { extends: './tsconfig.base' }],
    ['module', '.js', { extends: '@tsconfig/node24/tsconfig.json' }],
  ])('an app of type %s imports %s files if its tsconfig.json is %j', async (type, extension, tsconfig) => {
    write('package.json', { type });
    write('tsconfig.base.json', { compilerOptions: { allowImportingTsExtensions: true } });
    if (tsconfig) write('tsconfig.json', tsconfig);
    expect(await into()).toBe(0);
    const table = read('lambda/handlers.ts');
    expect(table).toContain(`import('./handlers/message-inbound${extension}')`);
    expect(table).toContain(`defineHandlers(${type === 'module' ? 'import.meta.url' : '__filename'}, {`);
    expect(table).toContain("from 'zavu-webhooks/handlers'");
    const inStack = type === 'module' ? extension : '';
    expect(printed).toContain(`  import { handlers } from '../lambda/handlers${inStack}';`);
  });

  test('leaves what is there, and changes no file of the app', async () => {
    write('package.json', { type: 'module' });
    mkdirSync(join(folder, 'lambda'));
    write('lambda/handlers.ts', 'mine');
    const before = read('package.json');
    expect(await into()).toBe(0);
    expect(read('lambda/handlers.ts')).toBe('mine');
    expect(read('package.json')).toBe(before);
    expect(printed[0]).toBe('  left     lambda/handlers.ts: it is there');
  });

  test.each([
    ['written ', { type: 'module' }, true],
    ['written ', { type: 'module', scripts: { test: 'tsc && node --test' } }, true],
    ['left out', { type: 'module', scripts: { test: 'vitest' } }, false],
    ['left out', { scripts: { test: 'jest' } }, false],
    ['left out', {}, false],
  ])('the test is %s in an app that is %j', async (what, manifest, isThere) => {
    write('package.json', manifest);
    write('tsconfig.json', { compilerOptions: { allowImportingTsExtensions: true } });
    expect(await into()).toBe(0);
    expect(printed[2]).toContain(`  ${what} test/message-inbound.test.ts`);
    expect(files()).toBe(isThere ? 5 : 4);
  });

  test('says what to install, with npm', async () => {
    write('package.json', { dependencies: { 'aws-cdk-lib': '1', constructs: '1' } });
    expect(await into()).toBe(0);
    expect(printed.filter((line) => /^ {2}npm /.test(line))).toEqual([
      expect.stringMatching(/^ {2}npm install zavu-webhooks@\^\d/),
      expect.stringMatching(/^ {2}npm install --save-dev node@\^24/),
    ]);
    expect(printed).toContain('  "allowScripts": {"classic-level":false,"esbuild":true,"node":true}');
  });

  test('says what to install, with pnpm', async () => {
    write('package.json', {});
    write('pnpm-lock.yaml', '');
    expect(await into()).toBe(0);
    expect(printed.filter((line) => /^ {2}pnpm add /.test(line))).toHaveLength(4);
    expect(printed.join('\n')).toContain('  allowBuilds:\n    classic-level: false\n    esbuild: true\n');
  });

  test('asks for nothing that is there', async () => {
    const there = { 'aws-cdk-lib': '1', constructs: '1', 'zavu-webhooks': '1' };
    write('package.json', { dependencies: there, devDependencies: { node: '24' } });
    write('.gitignore', '.zavu-local.*\n');
    expect(await into()).toBe(0);
    expect(printed.filter((line) => line.endsWith(':'))).toEqual(['In your stack:']);
  });

  test.each([
    [undefined, 'There is no package.json in'],
    ['[]', 'holds no JSON object.'],
  ])('refuses a folder whose package.json is %j, and writes nothing', async (manifest, sentence) => {
    if (manifest) write('package.json', manifest);
    const before = files();
    expect(await into()).toBe(2);
    expect(printed[0]).toContain(sentence);
    expect(files()).toBe(before);
  });
});

test.each([
  [[], 'Into which folder?'],
  [['a', 'b'], 'Too many arguments'],
  [['--into', 'a', 'b'], '"b" is a second one.'],
])('init %j is a wrong use', async (args, sentence) => {
  expect(await runInit(...args)).toBe(2);
  expect(printed[0]).toContain(sentence);
});
