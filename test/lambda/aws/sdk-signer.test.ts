import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import { createSdkSigner } from '../../../lambda/aws/sdk-signer.ts';
import { Sha256 } from '../../support/sha256.ts';

type Request = Parameters<SignatureV4['sign']>[0];

/** Calls DynamoDB with a client that has this signer, and gives the request as it would be sent. */
async function requestOf(
  environment: Readonly<Record<string, string>>,
  { endpoint, systemClockOffset = 0 }: { endpoint?: string; systemClockOffset?: number } = {},
  signer = createSdkSigner('dynamodb', environment),
): Promise<Request> {
  let sent: Request | undefined;
  const client = new DynamoDBClient({
    region: environment.AWS_REGION ?? '',
    credentials: { accessKeyId: 'of the client', secretAccessKey: 'of the client' },
    signer,
    systemClockOffset,
    maxAttempts: 1,
    ...(endpoint ? { endpoint } : {}),
    requestHandler: {
      async handle(request: Request) {
        sent = request;
        throw new Error('It is not sent.');
      },
    },
  });
  const Item = { id: { S: 'ñ' }, bytes: { B: Buffer.from([0, 255]) } };
  await expect(client.send(new PutItemCommand({ TableName: 'table', Item }))).rejects.toThrow('not sent');
  if (!sent) throw new Error('Nothing was signed.');
  return sent;
}

/** The `authorization` that the SDK's own signer gives a request, at its time and of the headers that it says are signed. */
async function expectedOf(request: Request, environment: Readonly<Record<string, string>>) {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = environment;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  const { authorization = '', ...headers } = request.headers;
  const names = new Set(/SignedHeaders=([\w;-]+)/.exec(authorization)?.[1]?.split(';'));
  const signed = Object.entries(headers).filter(([name]) => names.has(name));
  const [year, month, day, hour, minute, second] = [
    ...(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(headers['x-amz-date'] ?? '') ?? []).slice(1),
  ].map(Number);
  const signingDate = new Date(
    Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0),
  );
  const region = environment.AWS_REGION ?? '';
  const signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256 });
  const { headers: expected } = await signer.sign(
    { ...request, headers: Object.fromEntries(signed) },
    { signingDate, unsignableHeaders: new Set(['x-amz-content-sha256']) },
  );
  return { authorization: expected.authorization, names, signingDate };
}

const role = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'ASIA',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY',
  AWS_SESSION_TOKEN: 'token',
};

test.each([
  { endpoint: undefined, host: 'dynamodb.eu-west-1.amazonaws.com' },
  { endpoint: 'http://127.0.0.1:8000', host: '127.0.0.1:8000' },
])('a client that signs so sends what the SDK would sign: $host', async ({ endpoint, host }) => {
  const request = await requestOf(role, endpoint ? { endpoint } : {});
  const { authorization, names } = await expectedOf(request, role);
  expect(request.headers).toMatchObject({ authorization, host, 'x-amz-security-token': 'token' });
  // A replay of the request against another service, operation or host would not be taken.
  expect([...names]).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target']));
  const ofAmazon = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  expect(ofAmazon.filter((name) => !names.has(name))).toEqual([]);
});

test('one signer follows the host and the credentials', async () => {
  const environment = { ...role };
  const signer = createSdkSigner('dynamodb', environment);
  await requestOf(environment, {}, signer);
  environment.AWS_SECRET_ACCESS_KEY = 'another';
  const request = await requestOf(environment, { endpoint: 'http://127.0.0.1:8000' }, signer);
  const { authorization } = await expectedOf(request, environment);
  expect(request.headers).toMatchObject({ authorization, host: '127.0.0.1:8000' });
});

test('it signs at the time that the client has corrected, if the clock is wrong', async () => {
  const hour = 3_600_000;
  const before = Date.now();
  const { signingDate } = await expectedOf(await requestOf(role, { systemClockOffset: hour }), role);
  // The header has whole seconds.
  expect(signingDate.getTime()).toBeGreaterThanOrEqual(before + hour - 1_000);
  expect(signingDate.getTime()).toBeLessThanOrEqual(Date.now() + hour);
});

test('a body that is a stream is not signed as if it were empty', async () => {
  const request = await requestOf(role);
  await expect(createSdkSigner('dynamodb', role).sign({ ...request, body: new Blob(['a']) })).rejects.toThrow(
    TypeError,
  );
});
