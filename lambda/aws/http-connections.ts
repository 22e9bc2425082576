import { connect, isIP, type Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { type HttpAnswer, readAnswer } from './http-answer.ts';

// Not imported: an ES module's import of node:tls reads all that it exports, and one of these is a list of all authorities.
const { connect: connectSecurely } = process.getBuiltinModule('node:tls');

/** A connection has ended before the answer that was waited for. */
class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
}

/** Whoever waits for an answer. */
interface Waiting {
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
}

const nothing = Buffer.of();

/** A connection over HTTP/1.1. It carries one request at a time. */
class HttpConnection {
  readonly #socket: Socket;
  readonly #onIdle: (connection: HttpConnection) => void;
  #waiting: Waiting | undefined;
  #received: Buffer = nothing;

  /** @param onIdle gets it after each answer that another request may follow */
  constructor(socket: Socket, onIdle: (connection: HttpConnection) => void) {
    this.#socket = socket;
    this.#onIdle = onIdle;
    socket.on('data', (bytes: Buffer) => this.#read(bytes, false));
    socket.on('end', () => this.#read(nothing, true));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new ConnectionClosed('The connection ended before its answer.')));
  }

  /** Whether it can carry a request, as far as is known here. */
  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /**
   * Sends a request, if none is on its way.
   *
   * @param request its head and its body
   * @throws the network's error, ConnectionClosed, MalformedAnswer, or the error that the connection is destroyed with
   */
  send(request: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  /** @param error for whoever waits for an answer */
  destroy(error: Error): void {
    this.#socket.destroy(error);
  }

  #read(bytes: Buffer, isOver: boolean): void {
    const waiting = this.#waiting;
    // Nobody has asked for it, and the next one who asks must not get it.
    if (!waiting) {
      this.#socket.destroy();
      return;
    }
    this.#received = this.#received.length > 0 ? Buffer.concat([this.#received, bytes]) : bytes;
    try {
      const answer = readAnswer(this.#received, isOver);
      if (!answer) return;
      this.#waiting = undefined;
      this.#received = nothing;
      if (answer.isKept) this.#onIdle(this);
      else this.#socket.destroy();
      waiting.resolve(answer);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/**
 * Connections to a service over HTTP/1.1, which are kept for its next requests: what `node:https` does with an agent, for
 * requests and answers that are short texts, in half of its time (docs/decisions/0041).
 */
export class HttpConnections {
  readonly #idle: HttpConnection[] = [];
  readonly #open: () => Socket;

  /** @param endpoint of `https:`; or of `http:`, on this machine */
  constructor(endpoint: URL) {
    const isSecure = endpoint.protocol === 'https:';
    // Without the brackets of an IPv6 address.
    const host = urlToHttpOptions(endpoint).hostname ?? '';
    const options = { host, port: Number(endpoint.port) || (isSecure ? 443 : 80), noDelay: true };
    // TLS names no addresses. Without a name it checks that the certificate is one of the host's address.
    const secure = { ...options, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] };
    // Node gives the session of a connection after it has verified the host. With it, a later connection needs only a part of
    // the handshake.
    let session: Buffer | undefined;
    this.#open = () =>
      isSecure
        ? connectSecurely({ ...secure, session }).on('session', (given) => {
            session = given;
          })
        : connect(options);
  }

  /** A connection that carries no request: one that was kept, or a new one. */
  take(): HttpConnection {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.isOpen) return kept;
    }
    return new HttpConnection(this.#open(), (connection) => this.#idle.push(connection));
  }
}
