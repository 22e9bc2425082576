import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'zavu interruption #1 '));
afterAll(() => rmSync(folder, { recursive: true }));
const source = pathToFileURL(join(import.meta.dirname, '../../../cli/shared/interruption.ts')).href;

/** A command that holds something, and says that it gave it back. */
const command = (before: string) => `
  ${before}
  const { handleInterruptions, interruption } = await import('${source}');
  handleInterruptions();
  const running = setInterval(() => undefined, 1_000_000);
  interruption('Giving back.').addEventListener('abort', () => {
    clearInterval(running);
    console.log('given back');
  });
  console.log('begun');`;

/** Starts it with a channel, as testing/start-process.ts does. No signal is sent: Windows has none. */
async function start(code: string, isStarted: (line: string) => boolean) {
  const file = join(folder, 'command.mjs');
  writeFileSync(file, code);
  const child = fork(file, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  let printed = '';
  // Not `close`, which does not come if this process has closed the channel.
  const exited = once(child, 'exit');
  const output = child.stdout ? once(child.stdout, 'end') : undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    if (child.connected && isStarted(printed)) child.disconnect();
  });
  const [exitCode] = await exited;
  await output;
  return { exitCode, printed };
}

test('report 2: a command ends in good order when who started it closes its channel', async () => {
  const { exitCode, printed } = await start(command(''), (text) => text.includes('begun'));
  expect({ exitCode, printed }).toEqual({ exitCode: 143, printed: 'begun\ngiven back\n' });
});

test('report 2: also if the channel was closed before the command was loaded', async () => {
  const early = command(`
    console.log('early');
    await new Promise((resolve) => process.once('disconnect', resolve));`);
  // What it would hold comes after: so it holds nothing, and ends at once.
  expect(await start(early, (text) => text.includes('early'))).toEqual({ exitCode: 143, printed: 'early\n' });
});

test('a channel does not keep a command alive', async () => {
  const short = `const { handleInterruptions } = await import('${source}'); handleInterruptions();`;
  expect(await start(short, () => false)).toEqual({ exitCode: 0, printed: '' });
});
