import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimKey } from '../../lambda/idempotency/claim-key.ts';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { runCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';
import { orders } from './orders.ts';

/** What becomes of events that were taken. What is taken, and how often, is in test/conformance/. */
let stack: StartedStack;

beforeAll(async () => {
  stack = await StartedStack.start();
});
afterAll(async () => {
  await stack.stop();
});

/** Where the handlers of these tests have a text. */
function lineOf(text: string): number {
  const source = readFileSync(join(import.meta.dirname, 'scripted-handlers.ts'), 'utf8');
  return source.split('\n').findIndex((line) => line.includes(text)) + 1;
}

/** What Lambda wrote into the log of one worker. */
const linesOfInbound = () =>
  stack.awsLines.flatMap(({ function: name, line }) => (name?.startsWith('Inbound') ? [line] : []));

test('a handler that always throws: its event is dead-lettered with the reason, and the events beside it are handled', async () => {
  const poison = inbound(orders.throw);
  const neighbours = Array.from({ length: 20 }, () => inbound('hello'));
  await Promise.all([poison, ...neighbours].map((event) => deliver(stack, event)));

  await Promise.all(neighbours.map(({ id }) => stack.until(id, ['handled'])));
  expect(await stack.until(poison.id, ['retried'])).toMatchObject([{ attempt: 1 }]);
  expect(await stack.until(poison.id, ['dead_lettered'])).toMatchObject([
    { attempt: 2, reason: 'attempts_exhausted' },
  ]);
  const deadLetter = await stack.deadLetter('InboundWorkerDeadLetterQueue', poison.id);
  expect(JSON.parse(deadLetter.body)).toEqual(poison);
  expect(deadLetter.attributes).toEqual({
    reason: 'attempts_exhausted',
    error: 'Error: Cannot reach +56912345678',
    place: expect.stringMatching(/^[\w.-]+\.mjs:\d+:\d+$/),
    attempts: '2',
    receives: '2',
    codeVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(stack.effects(poison.id)).toHaveLength(0);
  for (const { id } of neighbours) expect(stack.effects(id)).toHaveLength(1);
  expect(JSON.stringify(stack.reports)).not.toContain('+56912345678');
  // Whoever writes the handler is told all that was thrown, and where.
  const thrown = () => stack.thrown.filter(({ id }) => id === poison.id);
  await eventually(
    () => thrown().length === 2,
    () => 'what was thrown in both attempts',
  );
  const place = { file: 'test/e2e/scripted-handlers.ts', line: lineOf("throw new Error('Cannot reach") };
  expect(thrown()).toMatchObject([
    {
      worker: 'inbound',
      attempt: 1,
      attempts: 2,
      name: 'Error',
      message: 'Cannot reach +56912345678',
      place,
    },
    {
      worker: 'inbound',
      attempt: 2,
      attempts: 2,
      name: 'Error',
      message: 'Cannot reach +56912345678',
      place,
    },
  ]);
  expect(thrown()[0]?.place?.code.find((row) => row.startsWith('>'))).toContain('Cannot reach');
});

test('a handler that throws PermanentFailure: its event is dead-lettered at the first attempt', async () => {
  const event = inbound(orders.refuse);
  await deliver(stack, event);
  expect(await stack.until(event.id, ['dead_lettered'])).toMatchObject([
    { attempt: 1, reason: 'permanent_failure' },
  ]);
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(attributes).toMatchObject({ reason: 'permanent_failure', attempts: '1' });
  expect(stack.of(event.id, 'retried')).toHaveLength(0);
});

test('the largest event that is taken can be dead-lettered: it leaves room for the attributes', async () => {
  const event = { ...inbound(orders.refuse), filler: '' };
  const filler = 'x'.repeat(maxEventBytes - JSON.stringify(event).length);
  await deliver(stack, { ...event, filler });
  expect(await stack.until(event.id, ['dead_lettered', 'retried'])).toMatchObject([
    { event: 'dead_lettered', attempt: 1, reason: 'permanent_failure' },
  ]);
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(attributes).toMatchObject({ reason: 'permanent_failure', attempts: '1' });
});

test('a worker that exceeds its memory is reported, with the setting to raise', async () => {
  const event = inbound(orders.take600Mb);
  await deliver(stack, event);
  await stack.until(event.id, ['handled']);
  const told = () => stack.reports.filter((report) => report.event === 'memory_exceeded');
  await eventually(
    () => told().length > 0,
    () => 'a report about its memory',
  );
  expect(told()).toEqual([
    {
      event: 'memory_exceeded',
      function: expect.stringMatching(/^Inbound/),
      worker: 'inbound',
      usedMb: expect.any(Number),
      memoryMb: 512,
      setting: 'workerMemoryMb, workers.inbound.memoryMb',
    },
  ]);
  expect(told()[0]?.usedMb).toBeGreaterThan(600);
});

// An SQS that runs elsewhere shows a waiting message to nobody.
const testOfLocalSqs = process.env.EMULATORS === 'aws' ? test.skip : test;

testOfLocalSqs(
  'an event whose worker is killed while it handles it is named, comes at once if that is asked for, and is handled once',
  async () => {
    const minutes = 10;
    await stack.queues.hideFor(minutes * 60);
    const event = inbound(orders.dieOnce);
    await deliver(stack, event);
    const deaths = () =>
      stack.reports.filter(
        (report) => report.event === 'failed' && report.events?.some(({ id }) => id === event.id),
      );
    await eventually(
      () => deaths().length === 1,
      () => 'the failed invocation, with its event',
    );
    expect(deaths()[0]?.backInSeconds).toBeGreaterThan(0);
    expect(await runCommand('retry', ['evt_of_nobody'], { stateFile: stack.stateFile })).toMatchObject({
      code: 1,
      printed: expect.stringContaining('evt_of_nobody waits in no queue of the local run.'),
    });
    expect(await runCommand('retry', [event.id], { stateFile: stack.stateFile })).toMatchObject({
      code: 0,
      stdout: `${event.id} comes to inbound now.\n`,
    });
    // A first run in which the function died leaves no record.
    expect(await stack.until(event.id, ['handled'])).toMatchObject([{ attempt: 1 }]);
    expect(stack.effects(event.id)).toMatchObject([
      { attempt: 1, idempotencyKey: claimKey(event, undefined) },
    ]);
    const reports = linesOfInbound().map((line = '') => JSON.parse(line).record);
    expect(reports).toContainEqual(
      expect.objectContaining({
        status: 'error',
        errorType: 'Runtime.ExitError',
        metrics: expect.objectContaining({ memorySizeMB: 512, maxMemoryUsedMB: expect.any(Number) }),
      }),
    );
  },
);
