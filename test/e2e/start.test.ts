import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Routes } from '../../lambda/routing/routes.ts';
import { sampleTypes } from '../../lambda/zavu/samples.ts';
import { type Ended, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

const run = promisify(execFile);

/** Lets a process keep its temporary files in a directory, which is created. */
function temporary(directory: string): Record<string, string> {
  mkdirSync(directory);
  return { TMPDIR: directory, TEMP: directory, TMP: directory };
}

/** Sends with `npx zavu-webhooks send`. */
function send({ ready: { url, secret } }: StartedStack, ...options: string[]): Promise<Ended> {
  return runCommand('send', [...options, `--url=${url}`], {
    env: { ZAVU_WEBHOOK_SECRET: secret },
  });
}

describe('the stack as it is delivered', () => {
  let stack: StartedStack;
  const directory = mkdtempSync(join(tmpdir(), 'zavu-start-'));
  beforeAll(async () => {
    // A directory whose name would mean something else in a URL.
    stack = await StartedStack.start({ app: 'bin/app.ts', env: temporary(`${directory}/a #b %20c`) });
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(directory, { recursive: true });
  });

  // Whatever handlers a user has written: what they do with a sample is theirs.
  test('takes every sample, and hands it to the worker that its table names', async () => {
    const routes = Routes.parse(stack.ready.outputs.Routes ?? '');
    for (const type of sampleTypes) {
      expect(await send(stack, type, '--times=2')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^(200 in \d+ ms .*\n){2}$/),
      });
    }
    const outcomes = ['handled', 'retried', 'dead_lettered', 'unrouted'];
    const reached = (type: string) => {
      const ended = stack.reports.filter((each) => each.type === type && outcomes.includes(each.event));
      return new Set(ended.map(({ event, worker }) => (event === 'unrouted' ? undefined : worker)));
    };
    const missing = () => sampleTypes.filter((type) => reached(type).size === 0);
    await eventually(
      () => missing().length === 0,
      () => `an outcome of ${missing().join(', ')}`,
    );
    for (const type of sampleTypes) expect([type, ...reached(type)]).toEqual([type, routes.workerFor(type)]);
  });

  test('says why it refuses a request, and `send` prints that and ends with 1', async () => {
    expect(await send(stack, 'message.sent', '--tamper')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('invalid_signature'),
    });
    expect(await send(stack, 'message.sent', '--stale')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('stale_signature'),
    });
  });

  test("gets a refused event from `send --retry` as often as Zavu's retry schedule says", async () => {
    expect(await send(stack, 'message.sent', '--tamper', '--retry', '--speed=100000')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/(401.*\nnext.*\n){4}401.*\n$/),
    });
  });
});

test('a stack that gets Ctrl-C ends with 0, and leaves no process, no state file and no open port', async () => {
  const stack = await StartedStack.start();
  // So that functions run.
  const event = inbound('hello');
  await deliver(stack, event);
  await stack.until(event.id, ['handled']);
  const children = await stack.children();
  expect(children.length).toBeGreaterThan(0);
  expect(JSON.parse(readFileSync(stack.stateFile, 'utf8'))).toMatchObject({ url: stack.ready.url });
  expect(await stack.stop()).toBe(0);
  const { stdout } = await run('ps', ['-eo', 'pid=,args=']);
  const left = stdout.split('\n').filter((row) => row.includes('local/runtime/functions/bootstrap.mjs'));
  for (const pid of children) expect(left.map((row) => row.trim().split(' ')[0])).not.toContain(String(pid));
  await expect(fetch(stack.ready.url, { method: 'POST' })).rejects.toThrow();
});

test('the end of its terminal, or of who reads its output, ends it in good order (reports 15 and 16)', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'zavu-start-')), 'state.json');
  const closed = startCommand('start', ['--port=0'], { stateFile });
  closed.process.stdout?.once('data', () => closed.process.kill('SIGHUP'));
  const unread = startCommand('start', ['--port=0', '--json'], { stateFile: `${stateFile}.unread` });
  unread.process.stdout?.on('data', (lines) => {
    const [, url] = String(lines).match(/"event":"ready","url":"([^"]+)"/) ?? [];
    if (!url) return;
    unread.process.stdout?.destroy();
    // It is refused, and there is a line about that.
    void fetch(url, { method: 'POST' }).catch(() => undefined);
  });
  for (const { ended } of [closed, unread]) expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(dirname(stateFile))).toEqual([]);
});

test.each([
  ["'whsec_9f3a2b1c77aa01'", 'quotes'],
  ['whsec_…', 'outside ASCII'],
  ['', 'must be one secret'],
])(
  'a start with the secret %j, which cannot be right, ends with 1 and says what it must be',
  async (secret, sentence) => {
    const { code, stderr } = await failedStart([], { ZAVU_WEBHOOK_SECRET: secret });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\$ZAVU_WEBHOOK_SECRET holds no signing secret\. /);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('9f3a');
  },
);

test.each([
  [['-cstage=a/b'], 1, '-c stage=a/b cannot name a stage'],
  [['-cthrottleRate=-1'], 1, 'throttleRate'],
  [['--speed=0'], 2, '--speed must be a number above 0, not "0"'],
  [['--speed=fast'], 2, '--speed must be a number above 0, not "fast"'],
  [['--concurrency=many'], 2, '--concurrency must be a whole number'],
])('a start with %j ends with %d and says: %s', async (options, exitCode, sentence) => {
  const { code, stderr } = await failedStart(options);
  expect(code).toBe(exitCode);
  expect(stderr).toContain(sentence);
});

/** Starts a stack that does not come up. One that comes up says so, and would run for ever: it is ended. */
function failedStart(options: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { process, ended } = startCommand('start', ['--port=0', ...options], { env });
  process.stdout?.once('data', () => process.kill());
  return ended;
}
