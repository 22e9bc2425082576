import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerNames } from '../../lambda/routes.ts';
import { eventually, LocalStack } from '../support/local-stack.ts';

const root = join(import.meta.dirname, '../..');

/** Runs `npm run smoke` against the stack of a note. Gives its exit code and all that it printed. */
function smoke(note: string, ...options: string[]): Promise<{ code: number; printed: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['tools/smoke.ts', ...options],
      { cwd: root, env: { ...process.env, ZAVU_LOCAL_NOTE: note } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    );
  });
}

/** A line of its table, by its check: result and the beginning of the detail. */
const row = (check: string, result: string) => new RegExp(`│ ${check} +│ ${result} +│`);

describe('a stack whose alarms tell somebody', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await LocalStack.start({ settings: { alarmEmail: 'oncall@example.com' } });
  });
  afterAll(async () => {
    await stack.stop();
  });

  test('everything is shown that can be shown from outside, and an alarm fires', async () => {
    const { code, printed } = await smoke(stack.note);
    expect(printed).toMatch(row('the URL leads to the receiver', 'ok'));
    for (const worker of workerNames) {
      expect(printed).toMatch(row(`an event goes through the ${worker} worker`, 'ok'));
    }
    expect(printed).toMatch(row('every alarm tells somebody', 'ok'));
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'ok'));
    expect(printed).toMatch(row('an alarm fires', 'unproven'));
    expect(code).toBe(0);
    const fired = () => stack.reports.filter(({ event, state }) => event === 'alarm' && state === 'ALARM');
    await eventually(
      () => fired().length > 0,
      () => 'the alarm that the command let fire',
    );
    expect(fired()).toMatchObject([
      { name: expect.stringContaining('ReceiverSlow'), delivered: true, readers: ['oncall@example.com'] },
    ]);
  });

  test('an alarm that there is not is named, with those that there are', async () => {
    const { code, printed } = await smoke(stack.note, '--alarm', 'Nothing');
    expect([code, printed]).toEqual([2, expect.stringMatching(/no alarm Nothing\. There are: Monitoring/)]);
  });

  test('a URL that leads elsewhere fails, and every passage with it', async () => {
    const note = `${stack.note}.elsewhere`;
    const known = JSON.parse(readFileSync(stack.note, 'utf8'));
    const outputs = { ...known.outputs, WebhookUrl: `${stack.ready.url}/elsewhere` };
    writeFileSync(note, JSON.stringify({ ...known, outputs }));
    const { code, printed } = await smoke(note, '--no-alarm');
    expect(printed).toMatch(row('the URL leads to the receiver', 'failed'));
    for (const worker of workerNames) {
      expect(printed).toMatch(row(`an event goes through the ${worker} worker`, 'failed'));
    }
    expect(printed).not.toContain('an alarm fires');
    expect(code).toBe(1);
  });
});

test('alarms that nobody reads are told', async () => {
  const stack = await LocalStack.start();
  try {
    const { code, printed } = await smoke(stack.note, '--no-alarm');
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'failed'));
    expect(printed).toContain('Nobody reads it');
    expect(code).toBe(1);
  } finally {
    await stack.stop();
  }
});
