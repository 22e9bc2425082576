import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../../bin/zavu-webhooks.mjs');
const directory = mkdtempSync(join(tmpdir(), 'zavu-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, ...args], { cwd: directory, encoding: 'utf8' });

/** What may stand in place of the last word. */
function completed(...words: string[]): string[] {
  const { status, stdout, stderr } = run('complete', '--', ...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  // The last line tells the shell to complete no files.
  expect(lines.pop()).toBe(':4');
  return lines.map((line) => line.split('\t')[0] ?? '');
}

test('an option of a verb', () => {
  const options = completed('dead-letters', 'redrive', '--');
  expect(options).toEqual(expect.arrayContaining(['--worker', '--place', '--stage', '--rate', '--dry-run']));
  expect(options).not.toContain('--details');
});

test.each([
  ['a command', ['dead'], ['dead-letters']],
  ['a verb', ['dead-letters', 're'], ['redrive']],
  ['an option under the other name of a command', ['dlq', 'redrive', '--dry'], ['--dry-run']],
  ['an option of the verb that is meant without one', ['dead-letters', '--deta'], ['--details']],
  ['a value of an option', ['send', 'message.sent', '--scheme', 'sha'], ['sha256']],
  ['a value behind an equals sign', ['unrouted', 'list', '--type=message.inb'], ['message.inbound']],
  ['a reason of a dead letter', ['dead-letters', 'show', '--reason', 'not_'], ['not_published']],
  ['a reason of an unrouted event', ['unrouted', 'show', '--reason', 'unk'], ['unknown_type']],
  ['a sample', ['send', 'domain.f'], ['domain.failed']],
  ['a shell', ['completion', 'ba'], ['bash']],
  ['nothing for a value that is not known', ['dead-letters', 'show', '--id', 'evt'], []],
  ['nothing for a command that is not there', ['constructor', 'x'], []],
])('%s', (_, words, expected) => {
  expect(completed(...words)).toEqual(expected);
});

test('a worker is one of the local run, and without one there is none', () => {
  expect(completed('dead-letters', 'list', '--worker', '')).toEqual([]);
  const outputs = { Routes: 'orders=message.inbound;billing=message.sent' };
  const file = join(directory, `.zavu-local.${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ pid: process.pid, port: '1', outputs }));
  try {
    expect(completed('dead-letters', 'list', '--worker', '')).toEqual(['orders', 'billing']);
  } finally {
    rmSync(file);
  }
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script of %s asks this program', (shell) => {
  const { status, stdout } = run('completion', shell);
  expect(status).toBe(0);
  expect(stdout).toContain('npx --no zavu-webhooks complete');
});

test('an unknown shell is refused with those that are known', () => {
  expect(run('completion', 'tcsh')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('powershell'),
  });
});
