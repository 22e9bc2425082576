import * as lines from '../../../../local/runtime/functions/text-lines.ts';

const requestId = '8f507cfc-xmpl-4697-b07a-ac58fc914c95';
const at = new Date('2026-11-27T15:32:11.417Z');
const invoked = { requestId, durationMs: 12.344, memoryMb: 256, maxMemoryMb: 97 };
const trace = { traceId: '1-5759e988-bd862e3fe1be46a994272793', segmentId: '53995c3f42cd8ad8', header: '' };

test('a new execution environment names its runtime, by 64 hexadecimal digits', () => {
  expect(lines.initStart()).toMatch(
    /^INIT_START Runtime Version: nodejs:24\.v\d+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
  );
});

test('an invocation begins and ends', () => {
  expect(lines.start(requestId)).toBe(`START RequestId: ${requestId} Version: $LATEST`);
  expect(lines.end(requestId)).toBe(`END RequestId: ${requestId}`);
});

test.each([
  ['of a warm one', {}, ''],
  ['of a cold one, whose init is billed', { initMs: 333.1 }, 'Init Duration: 333.10 ms\t'],
  ['of one that timed out', { failure: { status: 'timeout' } as const }, 'Status: timeout\t'],
  [
    'of one that died',
    { failure: { status: 'error', errorType: 'Runtime.ExitError' } as const },
    'Status: error\tError Type: Runtime.ExitError\t',
  ],
  [
    'of one that X-Ray samples',
    { trace },
    '\nXRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793\tSegmentId: 53995c3f42cd8ad8\tSampled: true\t',
  ],
])('a report %s', (_what, more, rest) => {
  const billed = 'initMs' in more ? 346 : 13;
  expect(lines.report({ ...invoked, ...more })).toBe(
    `REPORT RequestId: ${requestId}\tDuration: 12.34 ms\tBilled Duration: ${billed} ms\tMemory Size: 256 MB\tMax Memory Used: 97 MB\t${rest}`,
  );
});

test('lines of what goes wrong are written as Lambda writes them', () => {
  const thrown = { errorType: 'Error', errorMessage: 'a "b"', stack: ['Error: a "b"', '    at file:///x'] };
  const json = String.raw`{"errorType":"Error","errorMessage":"a \"b\"","stack":["Error: a \"b\"","    at file:///x"]}`;
  expect(lines.taskTimedOut(at, requestId, 3)).toBe(
    `2026-11-27T15:32:11.417Z ${requestId} Task timed out after 3.00 seconds`,
  );
  expect(lines.runtimeExited(requestId, 'signal: killed')).toBe(
    `RequestId: ${requestId} Error: Runtime exited with error: signal: killed\nRuntime.ExitError`,
  );
  expect(lines.invokeError(at, requestId, thrown)).toBe(
    `2026-11-27T15:32:11.417Z\t${requestId}\tERROR\tInvoke Error \t${json}`,
  );
  expect(lines.uncaughtException(at, thrown)).toBe(
    `2026-11-27T15:32:11.417Z\tundefined\tERROR\tUncaught Exception \t${json}`,
  );
  expect(lines.initReport(9999.47, { status: 'timeout' })).toBe(
    'INIT_REPORT Init Duration: 9999.47 ms\tPhase: init\tStatus: timeout',
  );
  expect(lines.initReport(348.99, { status: 'error', errorType: 'Runtime.ImportModuleError' })).toBe(
    'INIT_REPORT Init Duration: 348.99 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
  );
});
