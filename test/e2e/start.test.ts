import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sampleTypes } from '../../lambda/zavu/samples.ts';
import { StartedStack } from '../support/started-stack.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Lets a process keep its temporary files in a directory, which is created. */
function temporary(directory: string): Record<string, string> {
  mkdirSync(directory);
  return { TMPDIR: directory, TEMP: directory, TMP: directory };
}

/** `npm run send`, and what it printed; fails when it ends with an error. */
async function send(stack: StartedStack, ...options: string[]): Promise<string> {
  const { url, secret } = stack.ready;
  const { stdout } = await run(
    process.execPath,
    ['cli/send.ts', ...options, `--url=${url}`, `--secret=${secret}`],
    {
      cwd: root,
    },
  );
  return stdout;
}

describe('the stack as it is delivered', () => {
  let stack: StartedStack;
  const directory = mkdtempSync(join(tmpdir(), 'zavu-start-'));
  beforeAll(async () => {
    // A directory whose name would mean something else in a URL.
    stack = await StartedStack.start({ app: 'bin/app.ts', env: temporary(`${directory}/a #b %20c`) });
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  test('handles every sample with the handlers that come with it', async () => {
    for (const type of sampleTypes) {
      expect(await send(stack, type, '--times=2')).toMatch(/^(200 in \d+ ms .*\n){2}$/);
    }
    const handled = () => stack.reports.filter(({ event }) => event === 'handled').map(({ type }) => type);
    while (handled().length < sampleTypes.length) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(handled().sort()).toEqual(sampleTypes);
  });

  test('says why it refuses, and `send` fails with it', async () => {
    await expect(send(stack, 'message.sent', '--tamper')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('invalid_signature'),
    });
    await expect(send(stack, 'message.sent', '--stale')).rejects.toMatchObject({
      stdout: expect.stringContaining('stale_signature'),
    });
  });

  test("follows Zavu's retry schedule on request", async () => {
    const retried = send(stack, 'message.sent', '--tamper', '--retry', '--speed=100000');
    await expect(retried).rejects.toMatchObject({
      stdout: expect.stringMatching(/(401.*\nnext.*\n){4}401.*\n$/),
    });
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const children = await stack.children();
    expect(children.length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(stack.stateFile, 'utf8'))).toMatchObject({ url: stack.ready.url });
    expect(await stack.stop()).toBe(0);
    const { stdout } = await run('ps', ['-eo', 'pid=,args=']);
    const left = stdout.split('\n').filter((row) => row.includes('local/runtime/functions/bootstrap.mjs'));
    for (const pid of children)
      expect(left.map((row) => row.trim().split(' ')[0])).not.toContain(String(pid));
    await expect(fetch(stack.ready.url, { method: 'POST' })).rejects.toThrow();
  });
});

test.each([
  ["'whsec_9f3a2b1c77aa01'", 'quotes'],
  ['whsec_…', 'outside ASCII'],
  ['', 'must be one secret'],
])('a secret that cannot be right ends the start before it begins: %s', async (secret, sentence) => {
  const { code, printed } = await failedStart([], { ZAVU_WEBHOOK_SECRET: secret });
  expect(code).toBe(1);
  expect(printed).toMatch(/^\$ZAVU_WEBHOOK_SECRET holds no signing secret\. /);
  expect(printed).toContain(sentence);
  expect(printed).not.toContain('9f3a');
});

test.each([
  [['-cstage=prd'], 'Unknown stage "prd"'],
  [['-cthrottleRate=-1'], 'throttleRate'],
  [['--speed=0'], '--speed is a number above 0, not 0'],
  [['--speed=fast'], '--speed is a number above 0, not fast'],
  [['--concurrency=many'], '--concurrency is many'],
])('a wrong setting ends the start with a sentence: %s', async (options, sentence) => {
  const { code, printed } = await failedStart(options);
  expect(code).toBe(1);
  expect(printed).toContain(sentence);
});

/** Starts a stack that does not come up, and gives what it says. */
async function failedStart(options: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['local/start.ts', '--port=0', ...options], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  let printed = '';
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  // One that comes up says so, and would run for ever.
  child.stdout.once('data', () => child.kill());
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, printed };
}
