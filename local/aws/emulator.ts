import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Guard, guarded, refuseStrangers } from './guard.ts';

/** A service that runs in this process, or somewhere else. */
export interface Emulator {
  endpoint: string;
  /** What answers at the endpoint, if it runs in this process. It has no guard: only this process reaches it. */
  server?: Server;
  stop(): Promise<void>;
}

/**
 * Lets a server answer on a free port of the loopback interface, behind a guard. It does not listen itself: what does
 * gives it the requests that the guard lets pass.
 *
 * @param guard `refuseStrangers`, or one that refuses more
 */
export async function listen(server: Server, guard: Guard = refuseStrangers): Promise<Emulator> {
  const front = createServer(
    guarded(guard, (request, response) => server.emit('request', request, response)),
  );
  front.keepAliveTimeout = server.keepAliveTimeout;
  front.requestTimeout = server.requestTimeout;
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    server,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

/** A service that this process does not run. */
export function elsewhere(endpoint: string): Emulator {
  return { endpoint, stop: async () => undefined };
}
