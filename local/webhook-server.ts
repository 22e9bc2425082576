import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { guarded, refusePages } from './aws/guard.ts';

/** The address that the local run answers at by default. */
export const loopback = '127.0.0.1';

/** Addresses that stand for all of the machine's, and one of them by which this machine reaches itself. */
const all: Readonly<Record<string, string>> = { '0.0.0.0': loopback, '::': '::1' };

interface WebhookServerOptions {
  /** 0 picks a free one. */
  port: number;
  /** An address of this machine, or a name that leads to one. */
  host: string;
}

/**
 * The HTTP server of the webhook URL.
 *
 * It refuses what web pages send. It takes any `Host`, because a tunnel leaves its own name there: what comes in by it
 * does nothing unless it is signed.
 */
export class WebhookServer {
  readonly #host: string;
  readonly #servers: readonly [Server, ...Server[]];

  private constructor(host: string, servers: readonly [Server, ...Server[]]) {
    this.#host = host;
    this.#servers = servers;
  }

  /**
   * Listens at an address; at 127.0.0.1 also at ::1, if the machine has it: `localhost` may mean either.
   *
   * @throws Error if the port is taken, or the address is not one of this machine
   */
  static async start(
    { port, host }: WebhookServerOptions,
    listener: RequestListener,
  ): Promise<WebhookServer> {
    const answer = guarded(refusePages, listener);
    const server = await listen(port, host, answer);
    if (host !== loopback) return new WebhookServer(host, [server]);
    try {
      return new WebhookServer(host, [server, await listen(portOf(server), '::1', answer)]);
    } catch (error) {
      const isTaken = Object(error).code === 'EADDRINUSE';
      // A free port was asked for, and this one is free where its URL leads.
      if (!isTaken || port === 0) return new WebhookServer(host, [server]);
      server.close();
      throw error;
    }
  }

  /** Where this machine reaches it. */
  get url(): string {
    const host = all[this.#host] ?? this.#host;
    return `http://${isIPv6(host) ? `[${host}]` : host}:${portOf(this.#servers[0])}`;
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

async function listen(port: number, host: string, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
