import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'bin/zavu-webhooks.mjs');
const { version, scripts }: { version: string; scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Runs `zavu-webhooks` in a folder that is not this project's: it finds itself. */
function run(...args: string[]) {
  return runWith({}, ...args);
}

function runWith(env: Record<string, string>, ...args: string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'zavu-main-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  rmSync(directory, { recursive: true });
  return { code: status, stdout, stderr };
}

test('it tells its version', () => {
  expect(run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('its help lists every command, and without a command it ends with 2', () => {
  const { code, stdout } = run('--help');
  expect(code).toBe(0);
  for (const name of [
    'init',
    'start',
    'dev',
    'send',
    'secrets',
    'register',
    'smoke',
    'dead-letters',
    'unrouted',
    'replay',
    'cost',
    'completion',
  ])
    expect(stdout).toMatch(new RegExp(`^  ${name}(\\|\\w+)?  +\\w`, 'm'));
  expect(run()).toEqual({ code: 2, stdout: '', stderr: stdout });
});

test.each([
  ['sned', "Unknown command 'sned'. Did you mean send?\nSee npx zavu-webhooks --help\n"],
  ['constructor', "Unknown command 'constructor'.\nSee npx zavu-webhooks --help\n"],
])('%s is no command', (word, stderr) => {
  expect(run(word)).toEqual({ code: 2, stdout: '', stderr });
});

test('arguments and exit codes are those of the command, under its other name, too', () => {
  expect(run('dlq', 'lsit')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"lsit" is none of list'),
  });
  expect(run('dlq', '--help')).toEqual(run('dead-letters', '--help'));
});

test.each(['start', 'dev'])('%s leads into the local run', (name) => {
  const { code, stdout } = run(name, '--help');
  expect(code).toBe(0);
  expect(stdout).toContain('--port <n>');
  expect(stdout).toContain('Functions may call SQS, DynamoDB');
  expect(run(name, '--prot=1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Unknown option '--prot'. Did you mean --port?"),
  });
});

test.each([
  ['a verb', ['secrets', 'prod']],
  ['an argument', ['secrets', 'list', 'prod']],
])('report 25: what npm took is named, too, if its value stands like %s', (_, args) => {
  const env = { npm_command: 'run', npm_lifecycle_event: 'secrets', npm_config_stage: 'true' };
  expect(runWith(env, ...args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm took --stage for itself'),
  });
  expect(runWith({ ...env, npm_config_stage: '' }, ...args).stderr).not.toContain('npm took');
});

test('every npm script of a command runs it by its name', () => {
  const thin = Object.entries(scripts).filter(([, script]) => script.includes('bin/zavu-webhooks.mjs'));
  expect(thin.length).toBeGreaterThan(8);
  for (const [name, script] of thin) expect(script).toBe(`node bin/zavu-webhooks.mjs ${name}`);
});

test('a shell may run it', () => {
  expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  // Windows has no such bit.
  if (process.platform !== 'win32') expect(statSync(bin).mode & 0o111).toBe(0o111);
});
