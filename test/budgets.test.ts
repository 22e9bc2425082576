import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAssumptions } from '../cli/cost/assumptions.ts';
import { type Calls, calls, sumOf } from '../cli/cost/calls.ts';
import { sample } from '../lambda/zavu/samples.ts';
import type { ReportLine } from '../testing/report-line.ts';
import { orders } from './e2e/orders.ts';
import { bytesOfDefaultHandlers } from './lambda/handlers/default/bytes.ts';
import { type BundleBudget, bundleBudgets, claimBudgets, excesses } from './support/budgets.ts';
import { bundleSize, lengthOf } from './support/bundle-size.ts';
import { bundledFunctions } from './support/bundled-functions.ts';
import { CountedStack } from './support/counted-stack.ts';
import { eventually } from './support/eventually.ts';
import { routes, type WorkerName, workerNames } from './support/handlers.ts';
import { bytesOf, bytesOfReport } from './support/log-bytes.ts';
import { deliver } from './support/webhook.ts';

jest.unmock('../lib/functions/bundle.ts');

// With all that adds to a function's variables, since a bus is loaded only if there is one.
const functions = bundledFunctions({ canary: 'true', eventBus: 'true', reconcile: 'true' });

describe('bundles', () => {
  test('every function has a budget', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(bundleBudgets).sort());
  });

  test.each(functions)('$name stays within its budget', ({ name, module, environment }) => {
    const budget = bundleBudgets[name];
    expect(budget && excesses(name, weigh(module, environment), budget)).toEqual([]);
  });

  test('the code that records messages is loaded by the functions that record them, and no others', () => {
    const having = functions.filter(({ environment }) => 'MESSAGE_RETENTION_SECONDS' in environment);
    const loading = functions.filter(({ module, environment }) =>
      loadedBy(module, environment).files.some((file) => file.includes('message_not_recorded')),
    );
    expect(having).not.toEqual([]);
    expect(loading.map(({ name }) => name)).toEqual(having.map(({ name }) => name));
  });

  test('the client of SQS is deployed with each worker, and no start loads it', () => {
    const workers = functions.filter(({ environment }) => 'DEAD_LETTER_QUEUE_URL' in environment);
    const call = 'ChangeMessageVisibility';
    expect(workers.map(({ name }) => name)).toEqual(expect.arrayContaining(['Inbound', 'Delivery']));
    for (const { module, environment } of workers) {
      const directory = dirname(module);
      const files = readdirSync(directory).map((file) => readFileSync(join(directory, file)));
      expect(files.some((file) => file.includes(call))).toBe(true);
      expect(loadedBy(module, environment).files.some((file) => file.includes(call))).toBe(false);
    }
  });

  test('an excess is told with the function, the budget, the value and what to do', () => {
    const budget = { deployed: 100, packed: 50, loaded: 80, files: 3, builtins: 9 };
    expect(excesses('Receiver', budget, budget)).toEqual([]);
    expect(excesses('Receiver', { ...budget, loaded: 81, files: 4 }, budget)).toEqual([
      'Receiver has 81 bytes loaded, and its budget is 80: Load by a dynamic import what not every start needs, or raise the budget in test/support/budgets.ts and say why in the commit.',
      'Receiver has 4 files loaded at its start, and its budget is 3: Load by a dynamic import what not every start needs, or raise the budget in test/support/budgets.ts and say why in the commit.',
    ]);
  });
});

/** Weighs a bundle, and what of it is loaded. */
function weigh(module: string, environment: Record<string, string>): BundleBudget {
  const { files, builtins } = loadedBy(module, environment);
  return {
    ...bundleSize(dirname(module)),
    loaded: lengthOf(files),
    files: files.length,
    builtins,
  };
}

/** Starts a bundle as a cold start does: the files of it that are loaded, and how many of Node's own modules. */
function loadedBy(
  module: string,
  environment: Record<string, string>,
): { files: Buffer[]; builtins: number } {
  const script = join(import.meta.dirname, 'support/loaded-modules.ts');
  // Nobody is there: a start that reads something goes on without.
  const nowhere = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'https://127.0.0.1:1' };
  const env = { PATH: process.env.PATH, ...nowhere, ...environment };
  const printed = execFileSync(process.execPath, [script, module], { env }).toString();
  const { files, builtins }: { files: string[]; builtins: string[] } = JSON.parse(
    printed.split('\n').at(-1) ?? '',
  );
  return { files: files.map((url) => readFileSync(fileURLToPath(url))), builtins: builtins.length };
}

describe.each([
  { messagesTable: 'true', eventBus: 'false' },
  { messagesTable: 'false', eventBus: 'true' },
])('calls per event, with %j', (settings) => {
  let counted: CountedStack;
  beforeAll(async () => {
    counted = await CountedStack.start(settings);
  });
  afterAll(() => counted.stop());

  const published = settings.eventBus === 'true' ? calls.worker.publication : {};
  const publishedAgain = settings.eventBus === 'true' ? calls.worker.duplicatePublication : {};
  const recorded = settings.messagesTable === 'true' ? calls.worker.messages : {};
  const recordedAgain = settings.messagesTable === 'true' ? calls.worker.messagesAgain : {};
  const recordedLate = settings.messagesTable === 'true' ? calls.worker.messagesLate : {};
  const newEvent = sumOf(calls.worker.event, recorded, published);

  /** What a worker calls, and the receiver for it, for a delivery that ends with its message deleted. */
  async function callsFor(worker: WorkerName, event: object): Promise<{ worker: Calls; receiver: Calls }> {
    const name = worker.charAt(0).toUpperCase() + worker.slice(1);
    counted.take('Receiver');
    counted.take(name);
    await deliver(counted.stack, event);
    await eventually(
      () => counted.times(name, 'sqs:DeleteMessage Queue') > 0,
      () => `the deletion of a message of ${worker}`,
    );
    const { 'sqs:ReceiveMessage Queue': _polls, ...others } = counted.take(name);
    return { worker: others, receiver: counted.take('Receiver') };
  }

  const deletion = { 'sqs:DeleteMessage Queue': 1 };

  /** A call that is late on a busy machine is repeated, and counts twice: what is exceeded is so every time. */
  async function repeatedly(judge: () => Promise<void>): Promise<void> {
    const tries = 5;
    for (let time = 1; time < tries; time++) {
      try {
        return await judge();
      } catch {
        // Judged again, with another event.
      }
    }
    await judge();
  }

  test.each(workerNames)('%s: a new event, and a copy of it', (worker) =>
    repeatedly(async () => {
      const event = eventFor(worker);
      const first = await callsFor(worker, event);
      expect(first.worker).toEqual(sumOf(newEvent, deletion));
      // Whether the sandbox was new decides about the secret.
      expect([calls.receiver.event, sumOf(calls.receiver.event, calls.receiver.secret)]).toContainEqual(
        first.receiver,
      );

      const copy = await callsFor(worker, event);
      // dynalite does not return the item that stands in the way, so that it is read (docs/decisions/0008).
      const { 'dynamodb:GetItem IdempotencyTable': _reads, ...others } = copy.worker;
      expect(others).toEqual(sumOf(calls.worker.duplicate, publishedAgain, deletion));
    }),
  );

  test('log lines are as long as the cost model assumes', async () => {
    const event = eventFor('delivery');
    await deliver(counted.stack, event);
    const [handled] = await counted.stack.until(event.id, ['handled']);
    const [queued] = counted.stack.of(event.id, 'queued');
    const access = () =>
      counted.stack.awsLines.flatMap(({ line }) =>
        line?.includes(`"requestId":"${queued?.requestId}"`) ? [line] : [],
      );
    await eventually(
      () => access().length > 0,
      () => 'the line of the access log',
    );
    const measured = {
      accessLog: bytesOf(access()[0] ?? ''),
      receiverLogs: bytesOfReport(queued as ReportLine, 'webhook'),
      workerLogs: bytesOfReport(handled as ReportLine, 'event') + (await bytesOfDefaultHandlers()),
    };
    const { bytes } = readAssumptions().assumptions;
    for (const [name, size] of Object.entries(measured)) {
      const assumed = bytes[name as keyof typeof measured];
      const told = { name, size: Math.round(size), assumed };
      expect({ ...told, isNear: Math.abs(size - assumed) < 0.08 * assumed }).toEqual({
        ...told,
        isNear: true,
      });
    }
  });

  test.each(workerNames)('%s: an attempt that fails, and the second receive', (worker) =>
    repeatedly(async () => {
      const { worker: all } = await callsFor(worker, eventFor(worker, { text: orders.throwOnce }));
      // As above: the refusal does not bring the item of the messages table.
      const { 'dynamodb:GetItem Messages': _reads, ...both } = all;
      const { failedAttempt, laterAttempt } = calls.worker;
      expect(both).toEqual(sumOf(failedAttempt, laterAttempt, recordedAgain, newEvent, deletion));
    }),
  );

  test('an event that comes after a later one of its message', () =>
    repeatedly(async () => {
      const read = eventFor('delivery');
      await callsFor('delivery', { ...read, type: 'message.read' });
      const sent = { ...eventFor('delivery'), type: 'message.sent', data: read.data };
      const { 'dynamodb:GetItem Messages': _reads, ...others } = (await callsFor('delivery', sent)).worker;
      expect(others).toEqual(sumOf(newEvent, recordedLate, deletion));
    }));
});

test('once-only costs two writes for a new event, and one for a copy', () => {
  const writes = (step: Calls) =>
    Object.entries(step).reduce(
      (sum, [call, times]) => (/(Put|Update|Delete)Item IdempotencyTable$/.test(call) ? sum + times : sum),
      0,
    );
  expect(writes(calls.worker.event)).toBeLessThanOrEqual(claimBudgets.event);
  expect(writes(calls.worker.duplicate)).toBeLessThanOrEqual(claimBudgets.duplicate);
});

let count = 0;

/** An event of the first type that a worker handles, about a message, a template or a broadcast of its own. */
function eventFor(worker: WorkerName, data: object = {}) {
  const id = `evt_${Date.now()}_budget${++count}`;
  const type = routes.typesOf(worker)[0] ?? '';
  const event: { data: object } = JSON.parse(sample(type));
  const about = { messageId: `msg_${id}`, templateId: `tpl_${id}`, broadcastId: `brd_${id}` };
  return { ...event, id, timestamp: Date.now(), data: { ...event.data, ...about, ...data } };
}
