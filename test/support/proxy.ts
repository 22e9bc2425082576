import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What a service does while a test watches: `up` answers; `slow` answers late; `refusing` answers that it
 * cannot; `down` hangs up at once; `hanging` takes requests and never answers; `lost answers` does what it
 * is asked and hangs up before saying so.
 */
export type Condition = 'up' | 'slow' | 'refusing' | 'down' | 'hanging' | 'lost answers';

/** How late `slow` answers: just inside the time that the functions grant a call. */
const slowMs = 1_200;

const refusal = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** Stands before a service on 127.0.0.1 and fails as it is told. */
export class FaultyProxy {
  condition: Condition = 'up';
  /** Where it passes connections on to. */
  target = '';
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

  /** How many connections are open, on both of its sides. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Changes the condition, for connections that are open too. */
  become(condition: Condition): void {
    if (condition === this.condition) return;
    this.condition = condition;
    for (const socket of this.#sockets) socket.destroy();
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
    if (this.condition === 'down') return void client.destroy();
    if (this.condition === 'hanging') return void client.resume();
    if (this.condition === 'refusing') return void client.once('data', () => client.end(refusal));
    const { hostname, port } = new URL(this.target);
    const service = connect(Number(port), hostname);
    this.#track(service);
    if (this.condition === 'slow')
      client.on('data', (chunk) => setTimeout(() => service.write(chunk), slowMs));
    else client.pipe(service);
    if (this.condition === 'lost answers') service.once('data', () => client.destroy());
    else service.pipe(client);
    client.once('close', () => service.destroy());
    service.once('close', () => client.destroy());
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
  }
}
