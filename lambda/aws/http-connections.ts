import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { urlToHttpOptions } from 'node:url';
import { type HttpAnswer, readAnswer } from './http-answer.ts';

// Not imported: an ES module's import reads all exports, and one of node:tls is the list of all certificate authorities.
const { connect, isIP } = process.getBuiltinModule('node:net');
const { connect: connectSecurely } = process.getBuiltinModule('node:tls');

/** A connection has ended before the answer that was waited for. */
class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';

  constructor() {
    super('A connection was closed before its answer.');
  }
}

/** Whoever waits for an answer. */
interface Waiting {
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
}

const nothing = Buffer.of();

/**
 * After how long without a request Node looks at its sockets before another one, in milliseconds. It takes 20 µs. Servers close a
 * connection only after seconds.
 */
const restMs = 1_000;

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
    socket.on('close', () => this.#fail(new ConnectionClosed()));
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
      if (answer) this.#settle(waiting, answer);
      else if (isOver) throw new ConnectionClosed();
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #settle(waiting: Waiting, answer: HttpAnswer): void {
    this.#waiting = undefined;
    this.#received = nothing;
    // A service may answer before it has read the request to its end.
    if (answer.isKept && this.#socket.writableLength === 0) this.#onIdle(this);
    else this.#socket.destroy();
    waiting.resolve(answer);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/**
 * Connections to a service over HTTP/1.1, which are kept for its next requests: what `node:https` does with an agent, for
 * requests and answers that are short texts, in half of its time (docs/decisions/0041). A connection that is kept keeps its
 * process alive.
 */
export class HttpConnections {
  readonly #idle: HttpConnection[] = [];
  readonly #open: () => Socket;
  #takenAt = Date.now();

  /** @param endpoint of `https:`; or of `http:`, on this machine */
  constructor(endpoint: URL) {
    const isSecure = endpoint.protocol === 'https:';
    // Without the brackets of an IPv6 address.
    const host = urlToHttpOptions(endpoint).hostname ?? '';
    const options = { host, port: Number(endpoint.port) || (isSecure ? 443 : 80), noDelay: true };
    // TLS sends no name if the host is an address. Node then checks that the certificate is for this address.
    const secure = { ...options, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] };
    // Of an earlier connection, whose host Node has verified. With it a later one needs only a part of the handshake.
    let session: Buffer | undefined;
    this.#open = () => {
      if (!isSecure) return connect(options);
      const socket = connectSecurely({ ...secure, session });
      socket.on('session', (given) => {
        session = given;
      });
      socket.on('error', () => {
        // The session may be why the handshake has failed.
        if (!socket.authorized) session = undefined;
      });
      return socket;
    };
  }

  /** A connection that carries no request: one that was kept, or a new one. */
  async take(): Promise<HttpConnection> {
    const now = Date.now();
    // While a function was frozen, a connection may have ended, or brought what nobody asked for. Node must see it first.
    if (now - this.#takenAt > restMs) await setImmediate();
    this.#takenAt = now;
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.isOpen) return kept;
    }
    return new HttpConnection(this.#open(), (connection) => this.#idle.push(connection));
  }
}
