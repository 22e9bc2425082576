import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What a service does while a test watches: `up` answers; `slow` answers late; `refusing` answers that it
 * cannot; `down` hangs up at once; `hanging` takes requests and never answers; `lost answers` does what it
 * is asked and hangs up before saying so.
 */
export type Condition = 'up' | 'slow' | 'refusing' | 'down' | 'hanging' | 'lost answers';

/** How late `slow` answers: less than the 1.5 s that the receiver grants a call, which is the shortest of all. */
const slowMs = 1_200;

const refusal = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** Stands before a service on 127.0.0.1 and fails as it is told. */
export class FaultyProxy {
  condition: Condition = 'up';
  /** Where it passes connections on to. */
  target = '';
  /** How many requests met the condition since it began: a test waits for this, not for a time. */
  met = 0;
  /** The operation or the table that the condition is for; all of them if it is undefined. */
  #only: string | undefined;
  readonly #server = createServer((client) => this.#accept(client));
  readonly #sockets = new Set<Socket>();

  static async start(target = ''): Promise<FaultyProxy> {
    const proxy = new FaultyProxy();
    proxy.target = target;
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /**
   * Changes the condition, for connections that are open too.
   *
   * @param only the operation that it is for, by its name in `X-Amz-Target`, or a table of DynamoDB's by its name. The
   *   others are answered, and no connection is cut: a long poll that is cut takes a message with it until its visibility timeout
   *   (docs/decisions/0009)
   * @default all requests
   */
  become(condition: Condition, only?: string): void {
    if (condition === this.condition && only === this.#only) return;
    const isWhole = only === undefined && this.#only === undefined;
    this.condition = condition;
    this.#only = only;
    this.met = 0;
    if (isWhole) for (const socket of this.#sockets) socket.destroy();
  }

  /** Passes connections on to somewhere else, open ones too. */
  redirect(target: string): void {
    this.target = target;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.#track(client);
    if (this.condition === 'down' && this.#only === undefined) {
      this.met++;
      return void client.destroy();
    }
    let service: Socket | undefined;
    /** What the request under way on this connection meets. */
    let disposition: Condition = 'up';
    const pass = (chunk: Buffer) => {
      service ??= this.#connect(client, (answer) => {
        if (disposition === 'lost answers') client.destroy();
        else client.write(answer);
      });
      service.write(chunk);
    };
    client.on('data', (chunk) => {
      const request = requestIn(chunk);
      if (request !== undefined) {
        disposition = this.#conditionFor(request);
        if (disposition !== 'up') this.met++;
      }
      if (disposition === 'up' || disposition === 'lost answers') pass(chunk);
      else if (disposition === 'slow') setTimeout(pass, slowMs, chunk);
      else if (disposition === 'refusing') client.end(refusal);
      else if (disposition === 'down') client.destroy();
    });
  }

  #conditionFor(request: string): Condition {
    const [, operation] = /^x-amz-target: *\w+\.(\w+)/im.exec(request) ?? [];
    // A client sends a small request in one piece, so that its table is in it.
    const [, table] = /"TableName":"([^"]+)"/.exec(request) ?? [];
    const only = this.#only;
    return only === undefined || only === operation || only === table ? this.condition : 'up';
  }

  #connect(client: Socket, onAnswer: (chunk: Buffer) => void): Socket {
    const { hostname, port } = new URL(this.target);
    const service = connect(Number(port), hostname);
    this.#track(service);
    service.on('data', onAnswer);
    client.once('close', () => service.destroy());
    service.once('close', () => client.destroy());
    if (client.destroyed) service.destroy();
    return service;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
  }
}

/** What has come of a request, if a chunk begins one: its head, and its body if that is small. */
function requestIn(chunk: Buffer): string | undefined {
  const text = chunk.toString('latin1');
  return /^[A-Z]+ \S+ HTTP\/1/.test(text) ? text : undefined;
}
