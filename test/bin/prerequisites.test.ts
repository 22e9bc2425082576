import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prerequisites #1 %20-')));
afterAll(() => rmSync(folder, { recursive: true }));

function write(project: string, file: string, text: string): void {
  const path = join(folder, project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Starts a project by a Node that says that it is of some version. */
function start(project: string, version: string, entry: string): { status: number | null; stderr: string } {
  write(project, 'app.cjs', "console.error('It runs.');");
  cpSync(join(root, 'bin/prerequisites.mjs'), join(folder, project, 'bin/prerequisites.mjs'));
  const as = `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', as, '--import', './bin/prerequisites.mjs', entry],
    { cwd: join(folder, project), encoding: 'utf8' },
  );
  return { status, stderr };
}

const cdk = 'node_modules/aws-cdk-lib/package.json';

test.each([
  ['package-lock.json', 'npm ci'],
  ['pnpm-lock.yaml', 'pnpm install'],
  ['README.md', 'npm install'],
])('report 24: a project with %s that is not installed says so in one line: %s', (file, install) => {
  write(install, file, '');
  for (const version of ['v20.20.2', 'v24.1.0']) {
    const { status, stderr } = start(install, version, './app.cjs');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^This project is not installed yet: run \`${install}\` in .+ first\\.\n$`),
    );
  }
});

test('report 24: --ignore-scripts leaves no Node 24, and it is said how to get it', () => {
  write('without-scripts', cdk, '{}');
  write('without-scripts', 'node_modules/node/package.json', '{}');
  const { status, stderr } = start('without-scripts', 'v20.20.2', './app.cjs');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^This project needs Node 24, and this is v20\.20\.2\. .*`npm rebuild node esbuild`.*\n$/,
  );
});

test('report 24: a global cdk, which runs by another Node, is told to be npx cdk', () => {
  write('global', cdk, '{}');
  write('global', 'node_modules/node/package.json', '{}');
  write('global', 'node_modules/node/bin/node', '');
  const { status, stderr } = start('global', 'v22.1.0', './app.cjs');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^This project needs Node 24, and this is v22\.1\.0\. .*`npx cdk synth`\.\n$/);
});

test('a project that is installed runs, also in a workspace, whose packages stand above it', () => {
  write('whole', cdk, '{}');
  expect(start('whole', 'v24.0.0', './app.cjs')).toEqual({ status: 0, stderr: 'It runs.\n' });
  expect(start('whole/packages/hooks', 'v26.1.0', './app.cjs')).toEqual({ status: 0, stderr: 'It runs.\n' });
});

test.each(['.', 'templates/starter'])('report 24: every entry of %s looks first', (project) => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, project, file), 'utf8'));
  expect(read('cdk.json').app).toBe('node --import ./bin/prerequisites.mjs bin/app.ts');
  const { scripts }: { scripts: Record<string, string> } = read('package.json');
  for (const [name, script] of Object.entries(scripts)) {
    const looks =
      /^node (?:bin\/zavu-webhooks|--import \.\/bin\/prerequisites|bin\/prerequisites)\.mjs\b/.test(script) ||
      /^npm run /.test(script) ||
      scripts[`pre${name}`] === 'node bin/prerequisites.mjs';
    expect([name, looks]).toEqual([name, true]);
  }
});
