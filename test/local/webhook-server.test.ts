import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { WebhookServer } from '../../local/webhook-server.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

const answer = (_request: unknown, response: { end(text: string): unknown }) => void response.end('here');
const textOf = async (url: string) => (await fetch(url)).text();

test('it answers at 127.0.0.1, and at ::1 on the same port where there is one', async () => {
  const server = await WebhookServer.start({ port: 0, host: '127.0.0.1' }, answer);
  try {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await textOf(server.url)).toBe('here');
    if (hasIpv6) expect(await textOf(server.url.replace('127.0.0.1', '[::1]'))).toBe('here');
  } finally {
    server.stop();
  }
});

const hosts: readonly (readonly [string, RegExp])[] = [
  ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
  ['localhost', /^http:\/\/localhost:\d+$/],
  ['::1', /^http:\/\/\[::1\]:\d+$/],
  ['::', /^http:\/\/\[::1\]:\d+$/],
];

test.each(hosts.filter(([host]) => hasIpv6 || !host.includes(':')))(
  'at %s, its URL leads to it',
  async (host, url) => {
    const server = await WebhookServer.start({ port: 0, host }, answer);
    try {
      expect(server.url).toMatch(url);
      expect(await textOf(server.url)).toBe('here');
    } finally {
      server.stop();
    }
  },
);

test.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])(
  'a port that is taken at %s is an error',
  async (host) => {
    const holder: Server = createServer();
    await new Promise<void>((resolve) => holder.listen(0, host, resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      await expect(WebhookServer.start({ port, host: '127.0.0.1' }, answer)).rejects.toMatchObject({
        code: 'EADDRINUSE',
        port,
      });
    } finally {
      holder.close();
    }
  },
);
