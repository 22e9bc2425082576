import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ExecuteStatementCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
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

const call = (endpoint: string, service = 'sqs', target = 'AmazonSQS.SendMessage') =>
  exchange(`${endpoint}/path?query=1`, {
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=Function/20260101/us-east-1/${service}/aws4_request`,
      'x-amz-target': target,
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
    { denial: () => undefined },
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
  const awsEndpoint = await start({ sqs: { endpoint } }, { denial: () => undefined });
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
  const refused = jest.fn();
  const awsEndpoint = await start(services, {
    denial: ({ accessKeyId, action, resource }) => [accessKeyId, action, resource].join(' '),
    refused,
  });
  expect(await call(awsEndpoint)).toMatchObject({
    status: 400,
    body: {
      __type: 'com.amazon.coral.service#AccessDeniedException',
      message: 'Function sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:Queue',
    },
  });
  expect(await call(awsEndpoint, 'kinesis')).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/^KINESIS is not emulated, and SendMessage was called\. /) },
  });
  expect(refused).toHaveBeenCalledTimes(1);
  expect(reached).not.toHaveBeenCalled();
});

test.each(['GetParametersByPath', 'PutParameter'])(
  '%s of SSM is refused with what to do',
  async (operation) => {
    const services = { ssm: { endpoint: nowhere, server: createServer() } };
    const awsEndpoint = await start(services, { denial: () => undefined });
    expect(await call(awsEndpoint, 'ssm', `AmazonSSM.${operation}`)).toMatchObject({
      status: 400,
      body: {
        __type: 'com.amazon.coral.service#NotEmulated',
        message:
          `${operation} of SSM is not emulated. Set AWS_ENDPOINT_URL_SSM in .env.local to an emulator that has it, ` +
          'or give the handler a fake for it.',
      },
    });
  },
);

describe('the SDK reads why a call is refused', () => {
  const config = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'Function', secretAccessKey: 'local' },
  });
  const services = { dynamodb: { endpoint: nowhere, server: createServer() } };

  test('of S3, in XML', async () => {
    const s3 = new S3Client({
      ...config(await start(services, { denial: () => undefined })),
      forcePathStyle: true,
    });
    stops.push(() => s3.destroy());
    await expect(s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a&b' }))).rejects.toMatchObject({
      name: 'NotEmulated',
      message:
        'S3 is not emulated, and GetObject was called. Set AWS_ENDPOINT_URL_S3 in .env.local to an emulator of it, ' +
        'or give the handler a fake for it.',
    });
  });

  test('of a service with forms', async () => {
    const sns = new SNSClient(config(await start(services, { denial: () => undefined })));
    stops.push(() => sns.destroy());
    await expect(sns.send(new PublishCommand({ PhoneNumber: '+1', Message: 'any' }))).rejects.toMatchObject({
      name: 'NotEmulated',
      message: expect.stringContaining('AWS_ENDPOINT_URL_SNS'),
    });
  });

  test('of something that is not here, and only after its permission', async () => {
    const judge = { denial: jest.fn((): string | undefined => 'no policy'), absence: () => 'not here' };
    const dynamoDb = new DynamoDBClient({ ...config(await start(services, judge)), maxAttempts: 1 });
    stops.push(() => dynamoDb.destroy());
    const get = new GetItemCommand({ TableName: 'customers', Key: { id: { S: '1' } } });
    await expect(dynamoDb.send(get)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'no policy',
    });
    judge.denial.mockReturnValue(undefined);
    await expect(dynamoDb.send(get)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'not here',
    });
  });

  test('of an operation that the emulator lacks', async () => {
    const dynamoDb = new DynamoDBClient(config(await start(services, { denial: () => undefined })));
    stops.push(() => dynamoDb.destroy());
    await expect(
      dynamoDb.send(new ExecuteStatementCommand({ Statement: 'select * from customers' })),
    ).rejects.toThrow(
      'ExecuteStatement of DynamoDB is not emulated. Start the local run with $DYNAMODB_ENDPOINT',
    );
  });
});
