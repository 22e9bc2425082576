import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedMetrics } from '../../../../local/aws/cloudwatch/embedded-metrics.ts';
import { Concurrency } from '../../../../local/runtime/functions/concurrency.ts';
import { LambdaFunction } from '../../../../local/runtime/functions/lambda-function.ts';
import { eventually } from '../../../support/eventually.ts';
import { defineFunction, FunctionRecorder } from '../../../support/function.ts';

const running: LambdaFunction[] = [];
afterEach(() => {
  for (const each of running.splice(0)) void each.stop(true);
});

/** A function that runs, and what is told of it. */
function run(
  code: string,
  { settings = {}, limit = 10, account = new Concurrency(1000) }: Partial<Setting> = {},
) {
  const recorder = new FunctionRecorder();
  const target = new LambdaFunction(defineFunction(code, settings), limit, account, recorder);
  running.push(target);
  return { target, recorder };
}

interface Setting {
  settings: Parameters<typeof defineFunction>[1];
  limit: number;
  account: Concurrency;
}

/** Lambda's lines with what differs each time left out. */
const shapes = ({ platformLines }: FunctionRecorder) =>
  platformLines.map((line) =>
    line
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '<id>')
      .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z/, '<time>')
      .replace(/\d+(\.\d\d)? ms/g, '<ms>')
      .replace(/\d+ MB\tMax Memory Used: \d+ MB/, '<MB>')
      .replace(/[0-9a-f]{64}/, '<digest>')
      .replace(/1-[0-9a-f]{8}-[0-9a-f]{24}\tSegmentId: [0-9a-f]{16}/, '<trace>')
      .replace(/\{.*\}/, '<json>'),
  );

const init =
  'INIT_START Runtime Version: nodejs:24.v48\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:<digest>';
const report = 'REPORT RequestId: <id>\tDuration: <ms>\tBilled Duration: <ms>\tMemory Size: <MB>\t';
const begin = 'START RequestId: <id> Version: $LATEST';
const end = 'END RequestId: <id>';

test('a cold and a warm invocation', async () => {
  const { target, recorder } = run(
    'export const handler = async (event) => { console.log("hi"); return event; }',
  );
  expect(await target.invoke(1)).toEqual({ ok: true, result: 1 });
  expect(await target.invoke(2)).toEqual({ ok: true, result: 2 });
  expect(shapes(recorder)).toEqual([init, begin, end, `${report}Init Duration: <ms>\t`, begin, end, report]);
  expect(recorder.outcomes).toEqual(['success', 'success']);
  await eventually(
    () => recorder.lines.length === 2,
    () => 'two printed lines',
  );
});

test('what a process has compiled lies there for the next, and the function does not see where', async () => {
  const compileCache = mkdtempSync(join(tmpdir(), 'compiled-'));
  const code = 'export const handler = async () => process.env.NODE_COMPILE_CACHE ?? "none";';
  const { target } = run(code, { settings: { compileCache } });
  expect(await target.invoke({})).toEqual({ ok: true, result: 'none' });
  const files = readdirSync(compileCache, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(files).not.toEqual([]);
  // Not the one of the process that runs the stack, either.
  const { target: without } = run(code);
  expect(await without.invoke({})).toEqual({ ok: true, result: 'none' });
});

test('a traced function has a trace in its report and its environment, where X-Ray samples it', async () => {
  const code = 'export const handler = async () => process.env._X_AMZN_TRACE_ID;';
  const { target, recorder } = run(code, { settings: { traced: true } });
  const traces = [await target.invoke({}), await target.invoke({})].map((each) => Object(each).result);
  const [sampled, other] = recorder.platformLines.filter((line) => line.startsWith('REPORT'));
  const [, traceId, segmentId] =
    sampled?.match(/\nXRAY TraceId: (\S+)\tSegmentId: (\S+)\tSampled: true\t$/) ?? [];
  expect(traces[0]).toBe(`Root=${traceId};Parent=${segmentId};Sampled=1`);
  expect(other).not.toContain('XRAY');
  expect(traces[1]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);

  const { target: untraced } = run(code);
  expect(await untraced.invoke({})).toEqual({
    ok: true,
    result: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
  });
});

test('a handler that throws: the runtime writes the error, and the environment lives on', async () => {
  const { target, recorder } = run('export const handler = async () => { throw new TypeError("no"); }');
  expect(await target.invoke({})).toEqual({ ok: false, error: 'TypeError: no' });
  await target.invoke({});
  const thrown = '<time>\t<id>\tERROR\tInvoke Error \t<json>';
  expect(shapes(recorder)).toEqual([
    ...[init, begin, thrown, end, `${report}Init Duration: <ms>\t`],
    ...[begin, thrown, end, report],
  ]);
  const [, json = ''] = recorder.platformLines[2]?.split('Invoke Error \t') ?? [];
  expect(JSON.parse(json)).toMatchObject({
    errorType: 'TypeError',
    errorMessage: 'no',
    stack: expect.arrayContaining([
      'TypeError: no',
      expect.stringMatching(/^ {4}at handler \(file:\/\/\/var\/task\/index\.mjs:1:\d+\)$/),
    ]),
  });
  expect(recorder.outcomes).toEqual(['error', 'error']);
  expect(recorder.failures).toEqual(['TypeError: no', 'TypeError: no']);
});

test.each([
  ['exits', 'process.exit(3)', 'exit status 3', 'exited with status 3'],
  ['is killed', 'process.kill(process.pid, "SIGKILL")', 'signal: killed', 'was ended by SIGKILL'],
])('a runtime that %s', async (_what, code, how, error) => {
  const { target, recorder } = run(
    `export const handler = async () => { ${code}; await new Promise(() => {}); }`,
  );
  expect(await target.invoke({})).toEqual({ ok: false, error });
  expect(shapes(recorder)).toEqual([
    init,
    begin,
    `RequestId: <id> Error: Runtime exited with error: ${how}\nRuntime.ExitError`,
    end,
    `${report}Init Duration: <ms>\tStatus: error\tError Type: Runtime.ExitError\t`,
  ]);
});

const json = { format: 'JSON', application: 'INFO', system: 'WARN' } as const;
/** Lambda's lines in JSON, without what differs each time. */
const eventsOf = ({ platformLines }: FunctionRecorder) =>
  platformLines.map((line) => {
    const { type = 'error', level, record, message } = JSON.parse(line);
    return { type, level, status: record?.status, errorType: record?.errorType ?? message?.errorType };
  });

test.each([
  ['ends well', 'return 1', { ok: true, result: 1 }, []],
  [
    'throws: the runtime writes the error, and nothing else is told',
    'throw new TypeError("no")',
    { ok: false, error: 'TypeError: no' },
    [{ type: 'error', level: 'ERROR', errorType: 'TypeError' }],
  ],
  [
    'exits',
    'process.exit(3)',
    { ok: false, error: 'exited with status 3' },
    [
      { type: 'platform.runtimeDone', status: 'error', errorType: 'Runtime.ExitError' },
      { type: 'platform.report', status: 'error', errorType: 'Runtime.ExitError' },
    ],
  ],
  [
    'times out',
    'await new Promise((resolve) => setTimeout(resolve, 60_000))',
    { ok: false, error: 'timed out after 1 s' },
    [
      { type: 'platform.runtimeDone', status: 'timeout' },
      { type: 'platform.report', status: 'timeout' },
    ],
  ],
])(
  'with the log format JSON and the system level WARN, an invocation that %s',
  async (_what, code, result, events) => {
    const { target, recorder } = run(`export const handler = async () => { ${code}; };`, {
      settings: { logging: json, timeoutSeconds: 1 },
    });
    expect(await target.invoke({})).toEqual(result);
    expect(eventsOf(recorder)).toEqual(
      events.map((each) => ({ level: undefined, status: undefined, errorType: undefined, ...each })),
    );
  },
);

test('with the log format JSON, a module that throws is told with its error and the report of its init', async () => {
  const { target, recorder } = run('throw new RangeError("no")', { settings: { logging: json } });
  await target.invoke({});
  expect(eventsOf(recorder)).toMatchObject([
    { type: 'error', errorType: 'RangeError' },
    { type: 'platform.initReport', status: 'error', errorType: 'Runtime.Unknown' },
    { type: 'platform.runtimeDone', status: 'error' },
    { type: 'platform.report', status: 'error' },
  ]);
});

test('with the log format JSON, lines below the level are dropped, and metrics are not', async () => {
  const line = (level: string) => JSON.stringify({ level, timestamp: '2026-11-28T12:00:00.000Z' });
  const kept = [line('INFO'), line('warn'), line('loud'), '{"level":"DEBUG"}', '{"_aws":{}}', 'text'];
  const printed = [line('DEBUG'), line('trace'), ...kept];
  const code = `export const handler = async () => {
    console.debug('debugged'); process.stdout.write(${JSON.stringify(`${printed.join('\n')}\n`)});
  };`;
  const { target, recorder } = run(code, { settings: { logging: json } });
  await target.invoke({});
  await eventually(
    () => recorder.lines.includes('text'),
    () => 'the last line',
  );
  expect(recorder.lines).toEqual(kept);
  // Lambda's default is text, and keeps all of them.
  const { target: other, recorder: all } = run(code);
  await other.invoke({});
  await eventually(
    () => all.lines.includes('text'),
    () => 'the last line',
  );
  expect(all.lines).toEqual(['debugged', ...printed]);
});

describe('with the log format JSON, what console prints is an object', () => {
  /** What a handler of this code prints, as objects. */
  async function printedBy(code: string) {
    const { target, recorder } = run(
      `export const handler = async (_, { awsRequestId }) => { ${code}; process.stdout.write('end\\n'); return awsRequestId; };`,
      { settings: { logging: json } },
    );
    const invoked = await target.invoke({});
    expect(invoked).toEqual({ ok: true, result: expect.stringMatching(/^[\da-f-]{36}$/) });
    await eventually(
      () => recorder.lines.includes('end'),
      () => 'the last line',
    );
    const lines: unknown[] = recorder.lines.slice(0, -1).map((line) => JSON.parse(line));
    return { requestId: invoked.ok && invoked.result, lines, recorder };
  }
  const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  test('with the level of its method and the id of the invocation, if the level is kept', async () => {
    const all = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };
    const calls = ['trace', 'debug', ...Object.keys(all)].map((method) => `console.${method}('${method}')`);
    const { requestId, lines, recorder } = await printedBy(calls.join(';'));
    expect(lines).toEqual(
      Object.entries(all).map(([message, level]) => ({ timestamp, level, requestId, message })),
    );
    // Nobody is warned of what AWS does not keep.
    expect(recorder.prints.map(({ method }) => method)).toEqual(Object.keys(all));
  });

  test('whose message is what was printed', async () => {
    const stackTrace = expect.arrayContaining(['RangeError: no']);
    const error = { errorType: 'RangeError', errorMessage: 'no', stackTrace };
    const fieldsOf = {
      "'two\\nrows, 100 %s'": { message: 'two\nrows, 100 %s' },
      '\'{"level":"ERROR"}\'': { message: '{"level":"ERROR"}' },
      '{ a: [1] }': { message: { a: [1] } },
      '': {},
      '{ a: 1n }': { message: '{ a: 1n }' },
      "'%s of', 1, { a: 2 }": { message: '1 of { a: 2 }' },
      "Object.assign(new RangeError('no'), { code: 7 })": { message: { ...error, code: 7 } },
      "'failed:', new RangeError('no')": {
        message: expect.stringMatching(/^failed: RangeError: no\n {4}at /),
        ...error,
      },
    };
    const calls = Object.keys(fieldsOf).map((printed) => `console.log(${printed})`);
    const { requestId, lines } = await printedBy(calls.join(';'));
    expect(lines).toEqual(
      Object.values(fieldsOf).map((fields) => ({ timestamp, level: 'INFO', requestId, ...fields })),
    );
  });

  test('in which CloudWatch finds no metrics, so the place is told of', async () => {
    const document = {
      _aws: { CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [[]], Metrics: [{ Name: 'Sold' }] }] },
      Sold: 1,
    };
    const metrics = JSON.stringify(document);
    const { recorder } = await printedBy(
      `console.log('${metrics}'); console.log(${metrics}); process.stdout.write('${metrics}\\n')`,
    );
    expect(recorder.lines.slice(0, -1).map((line) => embeddedMetrics(line).length)).toEqual([0, 0, 1]);
    expect(recorder.prints.map(({ method }) => method)).toEqual(['log', 'log']);
  });
});

/** What reports say of the memory. */
const memoryOf = ({ platformLines }: FunctionRecorder) =>
  platformLines.flatMap((line) => {
    const [, size, used] = line.match(/Memory Size: (\d+) MB\tMax Memory Used: (\d+) MB/) ?? [];
    return size ? [{ size: Number(size), used: Number(used) }] : [];
  });

/** A function that holds so many MB more after each invocation. */
const hoard = (megabytes: number) =>
  `const held = []; export const handler = async () => { held.push(Buffer.alloc(${megabytes} * 2 ** 20, 1)); };`;

test('the memory of a function is its own process, Node too, and not what the local run holds', async () => {
  const heldHere = Buffer.alloc(400 * 2 ** 20, 1);
  const { target, recorder } = run('export const handler = async () => {};');
  await target.invoke({});
  expect(heldHere.length).toBeGreaterThan(0);
  const [{ size, used } = { size: 0, used: 0 }] = memoryOf(recorder);
  expect(size).toBe(256);
  expect(used).toBeGreaterThan(20);
  expect(used).toBeLessThan(256);
  expect(recorder.excesses).toEqual([]);
});

test('a function that outgrows its memory is told of once, by what it holds, and goes on', async () => {
  const { target, recorder } = run(hoard(100), { settings: { memoryMb: 192 } });
  await target.invoke(1);
  expect(recorder.excesses).toEqual([]);
  for (const event of [2, 3]) expect(await target.invoke(event)).toMatchObject({ ok: true });
  const [first, second, third] = memoryOf(recorder).map(({ used }) => used);
  expect(recorder.excesses).toEqual([second]);
  expect(first).toBeLessThan(192);
  expect(second).toBeGreaterThan(200);
  expect(third).toBeGreaterThan(300);
});

test('each execution environment tells of its own', async () => {
  const code = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 500));';
  const { target, recorder } = run(`const held = Buffer.alloc(300 * 2 ** 20, 1); ${code}`);
  await Promise.all([target.invoke({}), target.invoke({})]);
  expect(recorder.excesses).toHaveLength(2);
});

test("a heap that outgrows Lambda's limit ends the process, and its end says why", async () => {
  const code = 'const held = []; export const handler = () => { for (;;) held.push([held.length]); };';
  const { target, recorder } = run(code, { settings: { memoryMb: 128 } });
  expect(await target.invoke({})).toEqual({
    ok: false,
    error: 'was ended by SIGABRT, as Node does when its heap is full: the function has 128 MB',
  });
  expect(shapes(recorder)).toContain(
    'RequestId: <id> Error: Runtime exited with error: signal: aborted\nRuntime.ExitError',
  );
});

test('an invocation that is ended at the timeout', async () => {
  const code = 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));';
  const { target, recorder } = run(code, { settings: { timeoutSeconds: 1 } });
  expect(await target.invoke({})).toEqual({ ok: false, error: 'timed out after 1 s' });
  expect(shapes(recorder)).toEqual([
    init,
    begin,
    '<time> <id> Task timed out after 1.00 seconds',
    end,
    `${report}Init Duration: <ms>\tStatus: timeout\t`,
  ]);
  expect(recorder.outcomes).toEqual(['error']);
});

test.each([
  ['throws', 'throw new Error("no");', 'Error: no', 'Runtime.Unknown'],
  [
    'imports what is not there',
    'import "./nothing.mjs";',
    'Runtime.ImportModuleError: ',
    'Runtime.ImportModuleError',
  ],
  ['is no JavaScript', 'export const = 1', 'Runtime.UserCodeSyntaxError: ', 'Runtime.UserCodeSyntaxError'],
])('a module that %s', async (_what, code, error, errorType) => {
  const { target, recorder } = run(code);
  expect(await target.invoke({})).toEqual({
    ok: false,
    error: expect.stringContaining(`does not start: ${error}`),
  });
  expect(shapes(recorder)).toEqual([
    init,
    '<time>\tundefined\tERROR\tUncaught Exception \t<json>',
    `INIT_REPORT Init Duration: <ms>\tPhase: init\tStatus: error\tError Type: ${errorType}`,
    begin,
    end,
    `${report}Status: error\tError Type: ${errorType}\t`,
  ]);
  expect(recorder.outcomes).toEqual(['error']);
});

test('what is stopped from outside is no error of the function', async () => {
  const code = 'export const handler = () => new Promise(() => setInterval(() => console.log("up"), 10));';
  const { target, recorder } = run(code);
  const invoked = target.invoke({});
  await eventually(
    () => recorder.lines.length > 0,
    () => 'a printed line',
  );
  target.stop(true);
  expect(await invoked).toMatchObject({ ok: false });
  expect(shapes(recorder)).toEqual([init, begin]);
  expect([recorder.outcomes, recorder.failures]).toEqual([[], []]);
});

describe('beyond the concurrency', () => {
  /** Runs until a file of the event's path is there. */
  const code = `
    import { existsSync } from 'node:fs';
    export const handler = async ({ file }) => {
      console.log('up');
      while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    };`;

  test("of the account, an invocation is throttled, and another's end makes room", async () => {
    const account = new Concurrency(1);
    const [one, two] = [run(code, { account }), run(code, { account })];
    const file = `${one.target.definition.module}.done`;
    const first = one.target.invoke({ file });
    await eventually(
      () => one.recorder.lines.length > 0,
      () => 'the first invocation',
    );
    const throttled = { ok: false, error: expect.any(String), throttled: true };
    expect(await two.target.invoke({ file })).toEqual(throttled);
    expect(await one.target.invoke({ file })).toEqual(throttled);
    expect([one.recorder.throttles, two.recorder.throttles]).toEqual([1, 1]);
    expect([two.recorder.outcomes, two.recorder.platformLines]).toEqual([[], []]);
    writeFileSync(file, '');
    expect(await first).toMatchObject({ ok: true });
    expect(await two.target.invoke({ file })).toMatchObject({ ok: true });
  });

  test('of the function alone, it waits', async () => {
    const { target, recorder } = run(code, { limit: 1 });
    const file = `${target.definition.module}.done`;
    const all = [target.invoke({ file }), target.invoke({ file }), target.invoke({ file })];
    writeFileSync(file, '');
    expect(await Promise.all(all)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(recorder.throttles).toBe(0);
    expect(shapes(recorder).filter((line) => line === init)).toHaveLength(1);
  });

  test('of the account, whoever waited for the function is throttled too, and nobody waits for ever', async () => {
    /** An account whose concurrency others take as soon as one execution of this function has it. */
    class Busy extends Concurrency {
      override take(): boolean {
        return super.take() && this.taken++ === 0;
      }
      private taken = 0;
    }
    const { target } = run(code, { limit: 1, account: new Busy(2) });
    const file = `${target.definition.module}.done`;
    const all = [target.invoke({ file }), target.invoke({ file }), target.invoke({ file })];
    writeFileSync(file, '');
    expect(await Promise.all(all)).toMatchObject([{ ok: true }, { throttled: true }, { throttled: true }]);
  });
});

describe('what is seen in a process, and AWS does not see', () => {
  test.each([
    ['process.exit', 'process.exit(3)', { saw: 'exit', stack: expect.stringMatching(/index\.mjs:1:\d+/) }],
    [
      'an exception',
      "setTimeout(() => { throw new TypeError('late'); }); return new Promise(() => {})",
      { saw: 'uncaught', isRejection: false, error: { name: 'TypeError', message: 'late' } },
    ],
    [
      'a rejection',
      "Promise.reject(new RangeError('alone', { cause: 'a text' })); return new Promise(() => {})",
      {
        saw: 'uncaught',
        isRejection: true,
        error: { name: 'RangeError', message: 'alone', causes: [{ name: 'string', message: 'a text' }] },
      },
    ],
  ])('%s that ends it', async (_, code, seen) => {
    const { target, recorder } = run(`export const handler = async () => { ${code} };`);
    expect(await target.invoke({ any: 1 })).toMatchObject({ ok: false });
    expect(recorder.ends).toMatchObject([{ event: { any: 1 }, seen, paused: undefined }]);
  });

  test.each([
    ['where an endless loop is', 'spin()', expect.objectContaining({ functionName: 'spin', line: 1 })],
    ['that it waits', 'await new Promise((resolve) => setTimeout(resolve, 1e8))', undefined],
  ])('at its time-out, %s', async (_, code, frame) => {
    const source = `function spin() { for (let x = 0; ; x = Math.sqrt(x + 1)); } export const handler = async () => { ${code}; };`;
    const { target, recorder } = run(source, { settings: { timeoutSeconds: 1 } });
    expect(await target.invoke({})).toMatchObject({ ok: false, error: 'timed out after 1 s' });
    const [{ paused = undefined, durationMs = 0 } = {}] = recorder.ends;
    expect(paused?.find(({ url }) => url.endsWith('/index.mjs'))).toEqual(frame);
    // A process that cannot be asked would give undefined here.
    expect(paused).toBeDefined();
    expect(durationMs).toBe(1_000);
    expect(recorder.lines.join()).not.toContain('Debugger');
  });

  test('each place that prints by console, once, and not what is meant for CloudWatch', async () => {
    const { target, recorder } = run(`export const handler = async () => {
      for (let i = 0; i < 3; i++) console.log({ text: i });
      console.error('failed');
      console.log('{"_aws":{}}');
      process.stdout.write('{}\\n');
    };`);
    await target.invoke({});
    await target.invoke({});
    expect(recorder.prints.map(({ method, stack }) => [method, /index\.mjs:(\d+)/.exec(stack)?.[1]])).toEqual(
      [
        ['log', '2'],
        ['error', '3'],
      ],
    );
  });

  test('where an error without a frame comes from: its cause, or the handler of the event', async () => {
    const { target, recorder } = run(`
      import { channel } from 'node:diagnostics_channel';
      const withoutFrames = (cause) => Object.assign(new TypeError('fetch failed', { cause }), { stack: 'TypeError: fetch failed' });
      const fail = async () => {
        throw withoutFrames(undefined);
      };
      channel('zavu:handlers').publish({ 'message.inbound': fail });
      export const handler = async () => {
        const failed = (thrown, type) => channel('zavu:attempt-failed').publish({ id: 'evt_1', type, thrown });
        await fail().catch((thrown) => failed(thrown, 'message.inbound'));
        failed(withoutFrames(new Error('refused')), 'message.inbound');
        failed(withoutFrames(undefined), 'message.sent');
      };`);
    expect(await target.invoke({})).toMatchObject({ ok: true });
    const lines = recorder.attempts.map(({ error }) => /index\.mjs:(\d+):/.exec(error.stack)?.[1]);
    expect(lines).toEqual(['4', '11', undefined]);
    expect(recorder.attempts[1]?.error.causes).toEqual([{ name: 'Error', message: 'refused' }]);
  });

  test('whatever was thrown in an attempt, which may not be read', async () => {
    const { target, recorder } = run(`
      import { channel } from 'node:diagnostics_channel';
      const circular = new Error('a', { cause: new Error('b') });
      circular.cause.cause = circular;
      let deep = new Error('0');
      for (let i = 1; i < 100; i++) deep = new Error(String(i), { cause: deep });
      const thrown = [
        circular, deep, undefined, null, 'text', Symbol('s'),
        new Proxy(new Error(), { get() { throw 1; }, getPrototypeOf() { throw 2; } }),
        Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } }),
        Object.assign(new Error('m'.repeat(1e6)), { stack: 's'.repeat(1e6) }),
        { toString() { throw 1; } },
      ];
      export const handler = async () => {
        for (const each of thrown) channel('zavu:attempt-failed').publish({ id: 'evt_1', attempt: 1, thrown: each });
      };`);
    expect(await target.invoke({})).toMatchObject({ ok: true });
    const errors = recorder.attempts.map(({ error }) => error);
    expect(errors.map(({ name, message, causes }) => [name, message.length, causes.length])).toEqual([
      ['Error', 1, 1],
      ['Error', 2, 5],
      ['undefined', 9, 0],
      ['object', 4, 0],
      ['string', 4, 0],
      ['symbol', 9, 0],
      ['object', 10, 0],
      ['Error', 9, 0],
      ['Error', 2_000, 0],
      ['object', 10, 0],
    ]);
    expect(errors[0]?.stack).toMatch(/^\s+at file:.*index\.mjs/);
    expect(Math.max(...errors.map(({ stack }) => stack.length))).toBeLessThanOrEqual(20_000);
  });
});

test('a function that is stopped without force ends when its last invocation is done', async () => {
  const { target } = run(
    'export const handler = async (ms) => new Promise((end) => setTimeout(end, ms, ms));',
  );
  const done: string[] = [];
  const invocation = target.invoke(200).then((result) => done.push(JSON.stringify(result)));
  await target.stop(false).then(() => done.push('stopped'));
  await invocation;
  expect(done).toEqual(['{"ok":true,"result":200}', 'stopped']);
});
