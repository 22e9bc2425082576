import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startAwsEndpoint } from '../../../../local/aws/endpoint/endpoint.ts';
import { exchange } from '../../../../testing/conformance/raw-http.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** An endpoint that ends with its test. */
async function start(...options: Parameters<typeof startAwsEndpoint>): Promise<string> {
  const { endpoint, stop } = await startAwsEndpoint(...options);
  stops.push(stop);
  return endpoint;
}

const nowhere = 'http://127.0.0.1:1';

/** Tells what it was asked, and answers as no default would. */
const echo: RequestListener = async (request, response) => {
  const { method, url, headers } = request;
  const asked = { method, url, target: headers['x-amz-target'], body: await text(request) };
  response.writeHead(201, { 'x-answered': 'yes' }).end(JSON.stringify(asked));
};

const body = Buffer.from(
  JSON.stringify({ QueueUrl: 'http://127.0.0.1/000000000000/Queue', text: 'ä'.repeat(70_000) }),
);

const call = (endpoint: string, service = 'sqs') =>
  exchange(`${endpoint}/path?query=1`, {
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=Function/20260101/us-east-1/${service}/aws4_request`,
      'x-amz-target': 'AmazonSQS.SendMessage',
    },
    body,
    pieces: 2,
  });

const asked = {
  method: 'POST',
  url: '/path?query=1',
  target: 'AmazonSQS.SendMessage',
  body: body.toString(),
};

test('a service of this process answers without a connection', async () => {
  // It listens nowhere.
  const awsEndpoint = await start(
    { sqs: { endpoint: nowhere, server: createServer(echo) } },
    () => undefined,
  );
  const answer = await call(awsEndpoint);
  expect(answer).toMatchObject({ status: 201, headers: { 'x-answered': 'yes' }, body: asked });
});

test('a service elsewhere answers over the wire, and a hang-up there is one here', async () => {
  let listener: RequestListener = echo;
  const service = createServer((request, response) => listener(request, response)).listen(0, '127.0.0.1');
  await once(service, 'listening');
  stops.push(() => service.close());
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const awsEndpoint = await start({ sqs: { endpoint } }, () => undefined);
  expect(await call(awsEndpoint)).toMatchObject({
    status: 201,
    headers: { 'x-answered': 'yes' },
    body: asked,
  });
  listener = (request) => request.socket.destroy();
  await expect(call(awsEndpoint)).rejects.toThrow('socket hang up');
});

test('what is not allowed, or not known, reaches no service', async () => {
  const reached = jest.fn();
  const services = { sqs: { endpoint: nowhere, server: createServer(reached) } };
  const awsEndpoint = await start(services, ({ accessKeyId, action, resource }) =>
    [accessKeyId, action, resource].join(' '),
  );
  expect(await call(awsEndpoint)).toMatchObject({
    status: 400,
    body: {
      __type: 'com.amazon.coral.service#AccessDeniedException',
      message: 'Function sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:Queue',
    },
  });
  expect(await call(awsEndpoint, 'sns')).toMatchObject({
    status: 400,
    body: { message: 'The local run does not run sns.' },
  });
  expect(reached).not.toHaveBeenCalled();
});
