import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createService } from '../../../lambda/aws/service.ts';

interface Call {
  headers: IncomingMessage['headers'];
  body: string;
  /** The port that it came from: the same as another's on the same connection. */
  from: number | undefined;
}
type Behaviour = (response: ServerResponse, request: IncomingMessage) => unknown;

/**
 * A service that does with each call what the next of its behaviours says, and with all that follow, the last.
 *
 * @param variables of the environment, besides those that Lambda sets
 */
async function serveWith(variables: Record<string, string>, ...behaviours: readonly Behaviour[]) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const behave = behaviours[Math.min(calls.length, behaviours.length - 1)];
    const { headers, socket } = request;
    calls.push({ headers, body: await text(request), from: socket.remotePort });
    behave?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopped.push(server);
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'token',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
    ...variables,
  };
  const props = {
    name: 'sqs',
    target: 'AmazonSQS',
    json: '1.0',
    domain: 'amazonaws.com',
    tryMs: 200,
  } as const;
  const call = createService(props, environment);
  const send = (withinMs = 5_000) => call('SendMessage', { MessageBody: 'ñ' }, Date.now() + withinMs);
  return { calls, send, server };
}

const serve = (...behaviours: readonly Behaviour[]) => serveWith({}, ...behaviours);

const stopped: { closeAllConnections(): void; close(): void }[] = [];
afterEach(() => {
  for (const server of stopped.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const accept: Behaviour = (response) => response.end('{"MessageId":"1"}');
const hang: Behaviour = () => undefined;
const refuse =
  (status: number, type: string): Behaviour =>
  (response) =>
    response.writeHead(status).end(JSON.stringify({ __type: type, message: '+56912345678' }));
const reset: Behaviour = (_response, request) => request.socket.resetAndDestroy();
const breakOff: Behaviour = (response, request) => {
  response.writeHead(200, { 'content-length': 100 }).write('{"Mess');
  setTimeout(() => request.socket.destroy(), 20);
};
const drip: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': 1_000 });
  const dripping = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(dripping));
};

test('sends what the service knows a call by, and gives its answer', async () => {
  const { calls, send } = await serve(accept);
  expect(await send()).toEqual({ MessageId: '1' });
  expect(calls).toMatchObject([
    {
      body: '{"MessageBody":"ñ"}',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': '20',
        'x-amz-target': 'AmazonSQS.SendMessage',
        'x-amz-security-token': 'token',
        'x-amzn-trace-id': expect.stringContaining('1-5759e988'),
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE\/\d{8}\/eu-west-1\/sqs\//,
        ),
      },
    },
  ]);
});

test('keeps its connection, and takes another when that is gone', async () => {
  const { calls, send, server } = await serve(accept);
  await send();
  await send();
  server.closeAllConnections();
  await send();
  const [first, second, third] = calls.map(({ from }) => from);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test.each([
  ['fails', refuse(500, 'InternalError')],
  ['is throttled', refuse(400, 'com.amazonaws.sqs#RequestThrottled')],
  ['has too many requests', refuse(429, '')],
  ['has not seen the request in time', refuse(408, '')],
  ['resets the connection', reset],
  ['breaks off', breakOff],
  ['hangs', hang],
  ['answers for ever', drip],
])('a service that %s is asked once more', async (_case, behaviour) => {
  const { calls, send } = await serve(behaviour, accept);
  expect(await send()).toEqual({ MessageId: '1' });
  expect(calls).toHaveLength(2);
});

test('a call that is over leaves no timer, which would end a later call on its connection', async () => {
  const { send } = await serve(accept);
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = timers();
  await send();
  expect(timers()).toBe(before);
});

test('a trace that no header can carry is left out', async () => {
  const { calls, send } = await serveWith({ _X_AMZN_TRACE_ID: 'Root=1\r\nx-amz-target: other' }, accept);
  expect(await send()).toEqual({ MessageId: '1' });
  expect(calls[0]?.headers).not.toHaveProperty('x-amzn-trace-id');
});

test('twice and no more', async () => {
  const { calls, send } = await serve(refuse(503, 'ServiceUnavailable'));
  await expect(send()).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  expect(calls).toHaveLength(2);
});

test.each([
  ['com.amazonaws.sqs#QueueDoesNotExist', 'QueueDoesNotExist'],
  ['AccessDeniedException', 'AccessDeniedException'],
  ['', 'ServiceError'],
])('a refusal for good (%s) is told by its code, and not repeated', async (type, name) => {
  const { calls, send } = await serve(refuse(400, type), accept);
  const refusal: Error = await send().then(Promise.reject, (error) => error);
  expect(refusal).toMatchObject({ name, message: 'SendMessage was answered 400.' });
  expect(calls).toHaveLength(1);
});

test.each([
  ['within the second try', 300, 2],
  ['within the first, which is the last', 100, 1],
])('gives up at the deadline, %s', async (_case, withinMs, tries) => {
  const { calls, send } = await serve(hang);
  await expect(send(withinMs)).rejects.toMatchObject({ name: 'TimeoutError' });
  // How soon is the machine's affair.
  expect(calls.length).toBeLessThanOrEqual(tries);
});

test('asks nothing past the deadline', async () => {
  const { calls, send } = await serve(accept);
  await expect(send(0)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(calls).toEqual([]);
});

test.each(['<html>', '"MessageId"', ''])('200 with %j is not the service’s answer', async (answer) => {
  const { calls, send } = await serve((response) => response.end(answer));
  await expect(send()).rejects.toMatchObject({ name: 'ServiceError' });
  expect(calls).toHaveLength(2);
});

test('a service that is not running: the network’s error', async () => {
  const { send, server } = await serve(accept);
  server.close();
  await sleep(10);
  await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
