import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import { workerNames } from '../../lambda/routing/routes.ts';
import { wiretap } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import { sqsAt } from '../support/sqs.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

const root = join(import.meta.dirname, '../..');

/** Starts `npm run smoke` against the stack of a note. Gives in the end its exit code and all that it printed. */
function start(note: string, ...options: string[]) {
  const child = spawn(process.execPath, ['cli/smoke.ts', ...options], {
    cwd: root,
    env: { ...process.env, ZAVU_LOCAL_STATE: note },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([[code], stdout, stderr]) => ({ code, printed: stdout + stderr })) };
}

const smoke = (note: string, ...options: string[]) => start(note, ...options).ended;

/** How many messages are in the unrouted queue, and how many of them somebody holds. */
async function unrouted(stack: StartedStack): Promise<{ visible: number; hidden: number }> {
  const sqs = sqsAt(stack.ready.endpoints.sqs);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.ready.outputs.UnroutedQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  sqs.destroy();
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

/** A line of its table, by its check: result and the beginning of the detail. */
const row = (check: string, result: string) => new RegExp(`│ ${check} +│ ${result} +│`);

/** What it printed, without the lines and breaks of the table. */
const words = (printed: string) => printed.replaceAll(/[│\s]+/g, ' ');

const passages = workerNames.map((worker) => `an event goes through the ${worker} worker`);
const rest = 'nothing stays in the unrouted queue';

describe('a stack without a canary, whose alarms tell somebody', () => {
  let stack: StartedStack;
  beforeAll(async () => {
    stack = await StartedStack.start({ settings: { alarmEmail: 'oncall@example.com' } });
  });
  afterAll(async () => {
    await stack.stop();
  });

  /** What rests there before, and must still rest there, and in nobody's hands. */
  const resting = { visible: 1, hidden: 0 };

  test('an event of its type is unrouted, as one that nobody handles', async () => {
    const event = { ...inbound('hello'), type: canaryType, data: { worker: 'inbound' } };
    await deliver(stack, event);
    await stack.until(event.id, ['unrouted']);
    expect(await unrouted(stack)).toEqual(resting);
  });

  test('everything is shown that can be shown from outside, and an alarm fires', async () => {
    const { code, printed } = await smoke(stack.note);
    expect(printed).toMatch(row('the URL leads to the receiver', 'ok'));
    for (const passage of [...passages, rest]) expect(printed).toMatch(row(passage, 'ok'));
    expect(words(printed).match(/by way of the unrouted queue/g)).toHaveLength(workerNames.length);
    expect(await unrouted(stack)).toEqual(resting);
    expect(printed).toMatch(row('every alarm tells somebody', 'ok'));
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'ok'));
    expect(printed).toMatch(row('an alarm fires', 'unproven'));
    expect(code).toBe(0);
    const fired = () =>
      stack.reports.filter(
        // What is unrouted has an alarm of its own.
        ({ event, state, name }) =>
          event === 'alarm' && state === 'ALARM' && name && !/UnroutedEvents/.test(name),
      );
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
    for (const passage of passages) expect(printed).toMatch(row(passage, 'failed'));
    expect(printed).toMatch(row(rest, 'ok'));
    expect(printed).not.toContain('an alarm fires');
    expect(code).toBe(1);
  });

  test.each([
    ['send to a worker', 'SendMessage', 'ok', resting],
    ['look into the unrouted queue', 'ReceiveMessage', 'failed', { visible: 5, hidden: 0 }],
  ])('who may not %s is told so; what can be taken away is', async (_what, denied, result, left) => {
    const tap = await wiretap(stack, ({ operation }) => operation !== denied);
    const { code, printed } = await smoke(tap.note, '--no-alarm');
    await tap.stop();
    for (const passage of passages) expect(printed).toMatch(row(passage, 'failed'));
    expect(printed).toMatch(row(rest, result));
    expect(printed).toContain('Not today.');
    expect(code).toBe(1);
    expect(await unrouted(stack)).toEqual(left);
    // What is left is named, with the command that takes it away.
    if (result === 'failed') expect(words(printed)).toContain('npm run unrouted -- discard');
    await stack.queues.takeKept();
    await deliver(stack, { ...inbound('hello'), type: 'message.odd' });
  });

  test('interrupted, it leaves nothing in the unrouted queue, and lets no alarm fire', async () => {
    let interrupt = () => {};
    const tap = await wiretap(stack, ({ operation }) => {
      if (operation === 'ReceiveMessage') interrupt();
      return true;
    });
    const { child, ended } = start(tap.note);
    interrupt = () => void child.kill('SIGINT');
    const { code, printed } = await ended;
    await tap.stop();
    expect(printed).toMatch(row(rest, 'ok'));
    expect(printed).not.toContain('an alarm fires');
    expect(code).toBe(1);
    expect(await unrouted(stack)).toEqual(resting);
  });
});

test('in a stack with a canary, no event goes by way of the unrouted queue', async () => {
  const stack = await StartedStack.start({ settings: { canary: 'true' } });
  try {
    const { printed } = await smoke(stack.note, '--no-alarm');
    for (const passage of [...passages, rest]) expect(printed).toMatch(row(passage, 'ok'));
    expect(words(printed)).not.toContain('by way of');
    expect(stack.reports.filter(({ event }) => event === 'unrouted')).toEqual([]);
  } finally {
    await stack.stop();
  }
});

test('alarms that nobody reads are told', async () => {
  const stack = await StartedStack.start();
  try {
    const { code, printed } = await smoke(stack.note, '--no-alarm');
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'failed'));
    expect(printed).toContain('Nobody reads it');
    expect(code).toBe(1);
  } finally {
    await stack.stop();
  }
});
