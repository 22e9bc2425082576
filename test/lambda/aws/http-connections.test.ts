import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tls from 'node:tls';
import fc from 'fast-check';
import { HttpConnections } from '../../../lambda/aws/http-connections.ts';
import { eventually } from '../../support/eventually.ts';
import { answers } from '../../support/http-answers.ts';
import { loopbackCertificate } from '../../support/loopback-certificate.ts';

const post = 'POST / HTTP/1.1\r\nhost: service\r\ncontent-length: 0\r\n\r\n';
const closing = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\n1';
const answerOf = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** More than all buffers on the way take. */
const long = post + 'x'.repeat(16 * 1024 * 1024);

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Takes connections, and gives the answers in turn, whatever is asked; after the last of them, none. */
function answering(...texts: readonly string[]) {
  const left = [...texts];
  const asked: Socket[] = [];
  const listener = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      asked.push(socket);
      const next = left.shift();
      if (next !== undefined) socket.write(next);
    });
  };
  return { listener, asked };
}

function asking(asked: readonly Socket[]): Promise<void> {
  return eventually(
    () => asked.length > 0,
    () => 'a request',
  );
}

function ended(socket: Socket | undefined): Promise<void> {
  return eventually(
    () => socket?.destroyed === true,
    () => 'the end of a connection',
  );
}

async function listen(server: Server, protocol = 'http', host = '127.0.0.1'): Promise<URL> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`${protocol}://${host}:${(server.address() as AddressInfo).port}`);
}

async function serve(...texts: readonly string[]) {
  const { listener, asked } = answering(...texts);
  const connections = new HttpConnections(await listen(createServer(listener)));
  return { asked, connections, send: async () => (await connections.take()).send(post) };
}

test('a connection is kept for the next request', async () => {
  const { asked, send } = await serve(answerOf('1'), answerOf('2'));
  expect([await send(), await send()]).toMatchObject([{ body: '1' }, { body: '2' }]);
  expect(new Set(asked).size).toBe(1);
});

test('two requests at once take two connections', async () => {
  const { asked, send } = await serve(answerOf('1'), answerOf('2'));
  await Promise.all([send(), send()]);
  expect(new Set(asked).size).toBe(2);
});

test.each([
  ['says that it closes it', closing],
  ['sends more than the answer', `${answerOf('1')}HTTP/1.1 200 OK`],
])('a connection is not used again if the service %s', async (_case, first) => {
  const { asked, send } = await serve(first, answerOf('2'));
  expect([await send(), await send()]).toMatchObject([{ body: '1' }, { body: '2' }]);
  expect(new Set(asked).size).toBe(2);
  await ended(asked[0]);
});

test('a connection is not used again if the service has answered before it has read the request', async () => {
  let count = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.pause().write(answerOf(String(++count))));
  });
  const connections = new HttpConnections(await listen(server));
  const send = async (request: string) => (await connections.take()).send(request);
  expect([await send(long), await send(post)]).toMatchObject([{ body: '1' }, { body: '2' }]);
});

test('what comes while nobody waits is no answer to the next request', async () => {
  const { asked, send } = await serve(answerOf('1'), answerOf('2'));
  await send();
  asked[0]?.write(answerOf('unasked'));
  await ended(asked[0]);
  expect(await send()).toMatchObject({ body: '2' });
});

test('what came while the process was frozen is no answer to the next request', async () => {
  const { asked, send } = await serve(answerOf('1'), answerOf('2'));
  await send();
  // After a rest. A timer's turn begins before Node looks at sockets, as that of a function does which goes on.
  await sleep(1_100);
  asked[0]?.write(answerOf('unasked'));
  expect(await send()).toMatchObject({ body: '2' });
});

test('a late answer is nobody’s', async () => {
  const { asked, connections, send } = await serve('HTTP/1.1 200 OK\r\n', answerOf('2'));
  const late = await connections.take();
  const waiting = late.send(post);
  await asking(asked);
  late.destroy(new Error('Late.'));
  await expect(waiting).rejects.toThrow('Late.');
  asked[0]?.write('content-length: 1\r\n\r\n1');
  expect(await send()).toMatchObject({ body: '2' });
});

test.each([
  ['the connection ends', 'ConnectionClosed', (socket: Socket) => socket.end()],
  [
    'the connection ends within the answer',
    'ConnectionClosed',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n'),
  ],
  ['the answer is none', 'MalformedAnswer', (socket: Socket) => socket.write('220 smtp\r\n\r\n')],
])('if %s, whoever waits learns it: %s', async (_case, name, behave) => {
  const { asked, send } = await serve();
  const waiting = send();
  await asking(asked);
  const [socket] = asked;
  if (socket) behave(socket);
  await expect(waiting).rejects.toMatchObject({ name });
});

test('if the connection ends while the request is written, whoever waits learns it', async () => {
  const { connections, asked } = await serve();
  const waiting = (await connections.take()).send(long);
  await asking(asked);
  asked[0]?.pause();
  asked[0]?.end();
  await expect(waiting).rejects.toMatchObject({ name: 'ConnectionClosed' });
});

test('the same answer as Node’s own client has', async () => {
  let bytes: Buffer = Buffer.of();
  const endpoint = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    }),
  );
  const connections = new HttpConnections(endpoint);
  await fc.assert(
    fc.asyncProperty(answers, async (drawn) => {
      ({ bytes } = drawn);
      const [{ status, body }, theirs] = [
        await (await connections.take()).send(post),
        await askByNode(endpoint),
      ];
      expect({ status, body }).toEqual(theirs);
    }),
  );
});

async function askByNode(endpoint: URL) {
  const call = request(endpoint, { method: 'POST', agent: false }).end();
  const [response] = await once(call, 'response');
  return { status: response.statusCode, body: await text(response) };
}

describe('over TLS', () => {
  const authorities = tls.getCACertificates('default');
  const trust = () => tls.setDefaultCACertificates([loopbackCertificate.cert]);
  afterEach(() => tls.setDefaultCACertificates(authorities));

  async function serveSecurely(
    host: string,
    version: tls.SecureVersion,
    texts: readonly string[],
    through?: (endpoint: URL) => Server,
  ) {
    const { listener, asked } = answering(...texts);
    const [wasResumed, names]: [boolean[], string[]] = [[], []];
    const options: tls.TlsOptions = {
      ...loopbackCertificate,
      minVersion: version,
      maxVersion: version,
      SNICallback(name, done) {
        names.push(name);
        done(null);
      },
    };
    const server = tls.createServer(options, (socket) => {
      wasResumed.push(socket.isSessionReused());
      listener(socket);
    });
    const endpoint = await listen(server, 'https', host);
    const connections = new HttpConnections(
      through ? await listen(through(endpoint), 'https', host) : endpoint,
    );
    return { asked, wasResumed, names, send: async () => (await connections.take()).send(post) };
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: a later connection takes up the session',
    async (version) => {
      trust();
      const { wasResumed, names, send } = await serveSecurely('127.0.0.1', version, [closing, closing]);
      expect([await send(), await send()]).toMatchObject([{ body: '1' }, { body: '1' }]);
      expect(wasResumed).toEqual([false, true]);
      // TLS asks for no address.
      expect(names).toEqual([]);
    },
  );

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: a session is forgotten if its handshake fails',
    async (version) => {
      trust();
      let count = 0;
      // The second connection, which would take up the session of the first, finds somebody who does not want that.
      const front = ({ port, hostname }: URL) =>
        createServer((socket) => {
          sockets.add(socket);
          count += 1;
          if (count === 2) {
            socket.once('data', () => socket.resetAndDestroy());
            return;
          }
          const behind = connect(Number(port), hostname);
          socket
            .on('error', () => undefined)
            .pipe(behind.on('error', () => undefined))
            .pipe(socket);
        });
      const { wasResumed, send } = await serveSecurely('127.0.0.1', version, [closing, closing], front);
      await send();
      await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(await send()).toMatchObject({ body: '1' });
      expect(wasResumed).toEqual([false, false]);
    },
  );

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: a server is told nothing', (version) => {
    test('if nobody trusts its authority', async () => {
      const { asked, send } = await serveSecurely('127.0.0.1', version, [answerOf('1')]);
      for (let time = 0; time < 3; time++) {
        await expect(send()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      }
      expect(asked).toEqual([]);
    });

    test('if its certificate is another host’s, which is asked for by its name', async () => {
      trust();
      const { asked, names, send } = await serveSecurely('localhost', version, [answerOf('1')]);
      for (let time = 0; time < 3; time++) {
        await expect(send()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      }
      expect(asked).toEqual([]);
      expect(names).toEqual(['localhost', 'localhost', 'localhost']);
    });
  });
});
