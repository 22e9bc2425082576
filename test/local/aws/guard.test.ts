import { createServer } from 'node:http';
import { type Emulator, listen } from '../../../local/aws/emulator.ts';
import { WebhookServer } from '../../../local/webhook-server.ts';
import { exchange } from '../../../testing/conformance/raw-http.ts';

/** Headers of a request, and whether a service of the local AWS and the webhook URL take it. */
const requests: readonly (readonly [string, Record<string, string>, { aws: boolean; webhook: boolean }])[] = [
  ['of an SDK', {}, { aws: true, webhook: true }],
  ['to localhost', { host: 'localhost:4000' }, { aws: true, webhook: true }],
  ['to ::1', { host: '[::1]:4000' }, { aws: true, webhook: true }],
  ['of the address bar', { 'sec-fetch-site': 'none' }, { aws: true, webhook: true }],
  ['of a foreign page', { origin: 'https://evil.example' }, { aws: false, webhook: false }],
  ['of a page without an origin', { origin: 'null' }, { aws: false, webhook: false }],
  ['of a page of this machine', { origin: 'http://localhost:5173' }, { aws: false, webhook: false }],
  ['of a foreign image', { 'sec-fetch-site': 'cross-site' }, { aws: false, webhook: false }],
  ['of a page under the same name', { 'sec-fetch-site': 'same-origin' }, { aws: false, webhook: false }],
  // A tunnel leaves its own name there.
  ['to a foreign host', { host: 'evil.example' }, { aws: false, webhook: true }],
  [
    'to a host that begins like one of ours',
    { host: '127.0.0.1.evil.example' },
    { aws: false, webhook: true },
  ],
  ['to a host with a name of ours in it', { host: 'localhost@evil.example' }, { aws: false, webhook: true }],
];

describe.each(['POST', 'GET', 'OPTIONS'])('a request by %s', (method) => {
  let aws: Emulator;
  let webhook: WebhookServer;
  const taken = jest.fn();
  beforeAll(async () => {
    const server = createServer((_request, response) => {
      taken();
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}');
    });
    aws = await listen(server);
    webhook = await WebhookServer.start({ port: 0, host: '127.0.0.1' }, (request, response) =>
      server.emit('request', request, response),
    );
  });
  afterAll(async () => {
    webhook.stop();
    await aws.stop();
  });
  beforeEach(() => taken.mockClear());

  test.each(requests)('%s', async (_case, headers, expected) => {
    for (const [endpoint, isTaken] of [
      [aws.endpoint, expected.aws],
      [webhook.url, expected.webhook],
    ] as const) {
      taken.mockClear();
      const answer = await exchange(endpoint, { method, headers, body: Buffer.from('') });
      expect(taken).toHaveBeenCalledTimes(isTaken ? 1 : 0);
      expect(answer.status).toBe(isTaken ? 200 : 403);
      if (!isTaken)
        expect(Object.keys(answer.headers).filter((name) => /access-control/.test(name))).toEqual([]);
    }
  });
});
