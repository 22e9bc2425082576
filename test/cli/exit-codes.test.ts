import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Runs a command to its end without a local run. */
function run(command: string, ...args: string[]): { code: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`cli/${command}.ts`, ...args], {
    cwd: root,
    env: {
      ...process.env,
      ZAVU_LOCAL_STATE: join(root, 'test/cli/no-state.json'),
      ZAVUDEV_API_KEY: 'zv_test',
      ZAVU_WEBHOOK_SECRET: '',
    },
    encoding: 'utf8',
  });
  return { code: status, printed: stdout + stderr };
}

/** Arguments that are right: only a stack is missing. */
const commands: Readonly<Record<string, string[]>> = {
  send: ['message.sent'],
  register: ['--sender=snd_1'],
  secrets: ['list'],
  smoke: [],
  replay: ['--from=1d', '--to=1h'],
  'dead-letters': [],
  unrouted: [],
};

test.each(Object.entries(commands))('%s ends with 1 if there is no local run', (command, args) => {
  const { code, printed } = run(command, ...args);
  expect(printed).toMatch(/^No local run: start one with `npm start`/);
  expect(code).toBe(1);
});

test.each([...Object.keys(commands), 'cost'])('%s ends with 2 if it is given wrongly', (command) => {
  const { code, printed } = run(command, '--no-such-option');
  expect(printed).toContain(`See npm run ${command} -- --help`);
  expect(code).toBe(2);
});

test.each([...Object.keys(commands), 'cost'])('the help of %s says what its exit codes mean', (command) => {
  const { code, printed } = run(command, '--help');
  expect(printed).toMatch(/^npm run .+Exit code: 0 .+, 1 .+, 2 [^\n]+\n$/s);
  expect(code).toBe(0);
});

test.each([
  ['an unknown sample', ['message.odd'], 'No sample of "message.odd"'],
  ['an unknown scheme', ['message.sent', '--scheme=v9'], '--scheme must be one of'],
  ['no times', ['message.sent', '--times=0'], '--times must be a whole number'],
  ['a schedule that stands still', ['message.sent', '--speed=0'], '--speed must be a number above 0'],
  ['two events', ['message.sent', 'message.read'], '"message.read" is a second one'],
  ['a URL without a secret', ['message.sent', '--url=http://127.0.0.1:9/'], 'give --secret'],
])('send refuses %s', (_case, args, sentence) => {
  const { code, printed } = run('send', ...args);
  expect(printed).toContain(sentence);
  expect(code).toBe(2);
});
