import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogGroups, type LogLine } from '../../../../local/aws/logs/log-groups.ts';
import { arn, createResolver } from '../../../../local/aws/template/intrinsics.ts';
import { Concurrency } from '../../../../local/runtime/functions/concurrency.ts';
import { LambdaFunction } from '../../../../local/runtime/functions/lambda-function.ts';
import { type AnsweredRequest, createHttpApi } from '../../../../local/runtime/http-api/http-api.ts';
import { defineFunction, FunctionRecorder } from '../../../support/function.ts';

const opened: { server: Server; target: LambdaFunction }[] = [];
afterEach(() => {
  for (const { server, target } of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
    target.stop(true);
  }
});

const answers = 'export const handler = async () => ({ statusCode: 201, body: "done" });';

const format = {
  status: '$context.status',
  error: '$context.error.message',
  type: '$context.error.responseType',
  route: '$context.routeKey',
  lambda: '$context.integration.integrationStatus',
  function: '$context.integration.status',
  bytes: '$context.responseLength',
};

const route = {
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { ApiId: 'Api', RouteKey: 'POST /in', Target: 'integrations/Integration' },
};
const integration = {
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: { IntegrationUri: arn('lambda', 'function:Function') },
};
const stageOf = (settings: object) => ({
  Type: 'AWS::ApiGatewayV2::Stage',
  Properties: {
    StageName: '$default',
    AccessLogSettings: { DestinationArn: arn('logs', 'log-group:Access:*'), Format: JSON.stringify(format) },
    ...settings,
  },
});

/** An API of one route, whose clock stands still. */
function createApi({ stage = {}, code = answers, concurrency = 10 }: Partial<Setting> = {}) {
  const target = new LambdaFunction(
    defineFunction(code),
    10,
    new Concurrency(concurrency),
    new FunctionRecorder(),
  );
  const lines: LogLine[] = [];
  const observed: AnsweredRequest[] = [];
  let now = 0;
  const resources = { Route: route, Integration: integration, Stage: stageOf(stage) };
  const api = createHttpApi(
    { resources, outputs: {}, assetDirectory: String },
    createResolver(resources, { queueUrl: String, apiEndpoint: '' }),
    new Map([['Function', target]]),
    {
      clock: { now: () => now, after: () => () => undefined },
      logs: new LogGroups((line) => lines.push(line)),
      observer: { answered: (request) => observed.push(request) },
    },
  );
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { api, target, lines, observed, pass };
}

interface Setting {
  stage: object;
  code: string;
  concurrency: number;
}

/** Serves an API, and gives what sends it a request. */
async function serve(settings: Partial<Setting> = {}) {
  const { api, target, ...rest } = createApi(settings);
  const server = createServer(api);
  opened.push({ server, target });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = async (path = '/in', body = '{}') => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: await response.text() };
  };
  return { post, ...rest };
}

const own = (message: string) => JSON.stringify({ message });

test.each([
  ['6 MB', 'a'.repeat(6_000_000), 201],
  ['more than Lambda takes', 'a'.repeat(6_300_000), 413],
  // As JSON, each of them is two.
  ['quotes that are more than Lambda takes', '"'.repeat(3_200_000), 413],
  ['more than API Gateway takes', 'a'.repeat(10_500_000), 413],
])('a body of %s is answered so', async (_case, body, status) => {
  const { post, lines } = await serve();
  expect((await post('/in', body)).status).toBe(status);
  expect(JSON.parse(lines.at(-1)?.text ?? '')).toMatchObject({ status: String(status) });
});

test.each([
  [
    "the function's answer",
    {},
    '/in',
    { status: 201, body: 'done' },
    { error: '-', type: '-', route: 'POST /in', lambda: '200', function: '201', bytes: '4' },
  ],
  [
    'no route',
    {},
    '/out',
    { status: 404, body: own('Not Found') },
    { error: 'Not Found', type: 'RESOURCE_NOT_FOUND', route: '-', lambda: '-', function: '-' },
  ],
  [
    'a function that throws',
    { code: 'export const handler = async () => { throw new Error("any"); };' },
    '/in',
    { status: 500, body: own('Internal Server Error') },
    { type: 'INTEGRATION_FAILURE', lambda: '200', function: '-' },
  ],
  [
    'a function that Lambda throttles',
    { concurrency: 0 },
    '/in',
    { status: 503, body: own('Service Unavailable') },
    { type: 'INTEGRATION_FAILURE', lambda: '429', function: '-' },
  ],
])('%s: the answer, the access log, the metrics', async (_what, settings, path, answer, logged) => {
  const { post, lines, observed } = await serve(settings);
  expect(await post(path)).toEqual(answer);
  expect(lines).toMatchObject([{ logGroup: 'Access', writer: 'api-gateway' }]);
  expect(JSON.parse(lines[0]?.text ?? '')).toMatchObject({ status: String(answer.status), ...logged });
  expect(observed).toEqual([
    {
      status: answer.status,
      latencyMs: expect.any(Number),
      integrationLatencyMs: logged.lambda === '-' ? undefined : expect.any(Number),
    },
  ]);
});

test('the stage throttles by its settings and the clock; what matches no route takes nothing', async () => {
  const { post, lines, pass } = await serve({
    stage: { DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 } },
  });
  const statuses = async (times: number) => {
    const all: number[] = [];
    for (let time = 0; time < times; time++) all.push((await post()).status);
    return all;
  };
  await post('/out');
  expect(await statuses(4)).toEqual([201, 201, 201, 429]);
  expect(await post()).toEqual({ status: 429, body: own('Too Many Requests') });
  expect(JSON.parse(lines.at(-1)?.text ?? '')).toMatchObject({
    status: '429',
    type: 'THROTTLED',
    lambda: '-',
  });
  pass(1_000);
  expect(await statuses(3)).toEqual([201, 201, 429]);
});

test('without an access log, nothing is logged', async () => {
  const { post, lines, observed } = await serve({ stage: { AccessLogSettings: undefined } });
  expect(await post()).toMatchObject({ status: 201 });
  expect(lines).toEqual([]);
  expect(observed).toHaveLength(1);
});

test.each([
  [{ StageName: 'other' }, 'the stage other'],
  [{ RouteSettings: { 'POST /in': { ThrottlingRateLimit: 1 } } }, 'RouteSettings'],
  [{ AccessLogSettings: { DestinationArn: arn('firehose', 'any'), Format: '' } }, 'no log group'],
  [
    { AccessLogSettings: { DestinationArn: arn('logs', 'log-group:A:*'), Format: '$context.nothing' } },
    'does not know $context.nothing',
  ],
])('a stage with what is not known here is refused: %j', (stage, sentence) => {
  expect(() => createApi({ stage })).toThrow(sentence);
});
