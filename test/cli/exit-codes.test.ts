import { join } from 'node:path';
import { type Command, type Ended, runCommand } from '../support/command.ts';

/** Runs a command if there is no local run. */
function run(command: Command, ...args: string[]): Promise<Ended> {
  return runCommand(command, args, {
    stateFile: join(import.meta.dirname, 'no-state.json'),
    env: { ZAVUDEV_API_KEY: 'zv_test', ZAVU_WEBHOOK_SECRET: '' },
  });
}

/** Arguments that are right: only a stack is missing. */
const commands: [Command, string[]][] = [
  ['send', ['message.sent']],
  ['register', ['--sender=snd_1']],
  ['secrets', ['list']],
  ['smoke', []],
  ['replay', ['--from=1d', '--to=1h']],
  ['reconcile', ['--from=1d']],
  ['dead-letters', []],
  ['unrouted', []],
  ['retry', ['evt_1']],
  ['event', ['evt_1']],
  ['message', ['msg_1']],
  ['pause', []],
  ['resume', ['--worker=inbound']],
];
const names: Command[] = [...commands.map(([name]) => name), 'cost'];

test.each(commands)('%s ends with 1 if there is no local run', async (command, args) => {
  const { code, printed } = await run(command, ...args);
  expect(printed).toMatch(/^No local run: start one with `npx zavu-webhooks start`/);
  expect(code).toBe(1);
});

test.each(names)('%s ends with 2 if it is given wrongly', async (command) => {
  const { code, printed } = await run(command, '--no-such-option');
  expect(printed).toContain(`See npx zavu-webhooks ${command}`);
  expect(code).toBe(2);
});

test('retry refuses a stack on AWS, and says why', async () => {
  expect(await run('retry', 'evt_1', '--stack=Any')).toMatchObject({
    code: 2,
    printed: expect.stringContaining('SQS shows a message that waits for its next attempt to nobody'),
  });
});

test.each(names)('the help of %s says what its exit codes mean', async (command) => {
  const { code, printed } = await run(command, '--help');
  expect(printed).toMatch(/^Usage: npx zavu-webhooks .+Exit code: 0 .+, 1 .+, 2 .+\n$/s);
  expect(code).toBe(0);
});

test.each([
  ['an unknown sample', ['message.odd'], 'No sample of "message.odd"'],
  ['an unknown scheme', ['message.sent', '--scheme=v9'], '--scheme must be one of sha256, v1, v2'],
  ['no times', ['message.sent', '--times=0'], '--times must be a whole number'],
  ['a schedule that stands still', ['message.sent', '--speed=0'], '--speed must be a number above 0'],
  ['two events', ['message.sent', 'message.read'], 'Too many arguments'],
  ['a URL without a secret', ['message.sent', '--url=http://127.0.0.1:9/'], 'set ZAVU_WEBHOOK_SECRET'],
])('send refuses %s', async (_case, args, sentence) => {
  const { code, printed } = await run('send', ...args);
  expect(printed).toContain(sentence);
  expect(code).toBe(2);
});
