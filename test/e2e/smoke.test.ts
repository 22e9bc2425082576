import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import { type CommandOptions, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { workerNames } from '../support/handlers.ts';
import { interceptSqs } from '../support/intercepted-sqs.ts';
import { sqsAt } from '../support/sqs.ts';
import { StartedStack } from '../support/started-stack.ts';
import { changedStateFile } from '../support/state-file.ts';
import { deliver, inbound } from '../support/webhook.ts';

const smoke = (on: CommandOptions, ...options: string[]) => runCommand('smoke', options, on);

/** How many messages are in the unrouted queue, and how many of them are hidden. */
async function unrouted(stack: StartedStack): Promise<{ visible: number; hidden: number }> {
  const sqs = sqsAt(stack.ready.endpoints.sqs, stack.ready.credentials);
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

/** A line of the table: a check and its result. */
const row = (check: string, result: string) => new RegExp(`^${check} +${result} `, 'm');

/** What the command printed, without the line breaks of the table. */
const words = (printed: string) => printed.replaceAll(/\s+/g, ' ');

const workerChecks = workerNames.map((worker) => `an event goes through the ${worker} worker`);
const unroutedCheck = 'nothing stays in the unrouted queue';

describe('a stack without a canary, whose alarms tell somebody', () => {
  let stack: StartedStack;
  beforeAll(async () => {
    stack = await StartedStack.start({ settings: { alarmEmail: 'oncall@example.com' } });
  });
  afterAll(async () => {
    await stack.stop();
  });

  /** What is in the unrouted queue before a test: it must still be there afterwards, and not be hidden. */
  const untouched = { visible: 1, hidden: 0 };
  beforeEach(async () => {
    await stack.queues.takeKept();
    await stack.enqueue(
      'ReceiverUnroutedQueue',
      JSON.stringify({ ...inbound('hello'), type: 'message.odd' }),
    );
  });

  test('an event of the type of a canary is unrouted, like one that no worker handles', async () => {
    const event = { ...inbound('hello'), type: canaryType, data: { worker: 'inbound' } };
    await deliver(stack, event);
    await stack.until(event.id, ['unrouted']);
    expect((await unrouted(stack)).visible).toBeGreaterThan(untouched.visible);
  });

  test('of a healthy stack: every check that can be made from outside passes, and an alarm fires', async () => {
    const { code, printed } = await smoke(stack);
    expect(printed).toMatch(row('the URL leads to the receiver', 'ok'));
    for (const workerCheck of [...workerChecks, unroutedCheck])
      expect(printed).toMatch(row(workerCheck, 'ok'));
    expect(words(printed).match(/by way of the unrouted queue/g)).toHaveLength(workerNames.length);
    expect(await unrouted(stack)).toEqual(untouched);
    expect(printed).toMatch(row('every alarm notifies somebody', 'ok'));
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'ok'));
    expect(printed).toMatch(row('an alarm fires', 'unproven'));
    expect(code).toBe(0);
    const fired = () =>
      stack.reports.filter(
        // Unrouted events have an alarm of their own, which fires too.
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

  test('with an alarm that does not exist: the command ends with 2 and names those that do', async () => {
    const { code, printed } = await smoke(stack, '--alarm', 'Nothing');
    expect([code, printed]).toEqual([2, expect.stringMatching(/no alarm Nothing\. There are: Monitoring/)]);
  });

  test('of a URL that leads elsewhere: its check fails, and that of every worker', async () => {
    const stateFile = changedStateFile(stack, 'elsewhere', ({ outputs }) => {
      outputs.WebhookUrl = `${stack.ready.url}/elsewhere`;
    });
    const { code, printed } = await smoke({ stateFile }, '--no-alarm');
    expect(printed).toMatch(row('the URL leads to the receiver', 'failed'));
    for (const workerCheck of workerChecks) expect(printed).toMatch(row(workerCheck, 'failed'));
    expect(printed).toMatch(row(unroutedCheck, 'ok'));
    expect(printed).not.toContain('an alarm fires');
    expect(code).toBe(1);
  });

  test.each([
    ['send to a worker', 'SendMessage', 'ok', untouched],
    ['look into the unrouted queue', 'ReceiveMessage', 'failed', { visible: 5, hidden: 0 }],
  ])(
    'without the right to %s: the command says so, and deletes what it can',
    async (_what, denied, result, left) => {
      const sqs = await interceptSqs(stack, ({ operation }) => operation !== denied);
      const { code, printed } = await smoke(sqs, '--no-alarm');
      await sqs.stop();
      for (const workerCheck of workerChecks) expect(printed).toMatch(row(workerCheck, 'failed'));
      expect(printed).toMatch(row(unroutedCheck, result));
      expect(printed).toContain('Not today.');
      expect(code).toBe(1);
      expect(await unrouted(stack)).toEqual(left);
      // If events may be left, the command that deletes them is named.
      if (result === 'failed') expect(words(printed)).toContain('npx zavu-webhooks unrouted discard');
    },
  );

  test('interrupted: the command leaves nothing in the unrouted queue, and lets no alarm fire', async () => {
    let interrupt = () => {};
    const sqs = await interceptSqs(stack, ({ operation }) => {
      if (operation === 'ReceiveMessage') interrupt();
      return true;
    });
    const { process, ended } = startCommand('smoke', [], sqs);
    // Once: a second interrupt, a second later or more, would end the command at once.
    interrupt = () => {
      interrupt = () => {};
      process.kill('SIGINT');
    };
    const { code, printed } = await ended;
    await sqs.stop();
    expect(printed).toMatch(row(unroutedCheck, 'ok'));
    expect(printed).not.toContain('an alarm fires');
    expect(code).toBe(130);
    expect(await unrouted(stack)).toEqual(untouched);
  });
});

test('a stack with a canary: every check passes, and no event goes by way of the unrouted queue', async () => {
  const stack = await StartedStack.start({ settings: { canary: 'true' } });
  try {
    const { printed } = await smoke(stack, '--no-alarm');
    for (const workerCheck of [...workerChecks, unroutedCheck])
      expect(printed).toMatch(row(workerCheck, 'ok'));
    expect(words(printed)).not.toContain('by way of');
    expect(stack.reports.filter(({ event }) => event === 'unrouted')).toEqual([]);
  } finally {
    await stack.stop();
  }
});

test('a stack whose alarms nobody has subscribed to: their check fails', async () => {
  const stack = await StartedStack.start();
  try {
    const { code, printed } = await smoke(stack, '--no-alarm');
    expect(printed).toMatch(row(String.raw`topic MonitoringAlarms\w+`, 'failed'));
    expect(printed).toContain('Nobody reads it');
    expect(code).toBe(1);
  } finally {
    await stack.stop();
  }
});
