import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that runs in this process, or somewhere else. */
export interface Emulator {
  endpoint: string;
  /** What answers at the endpoint, if it runs in this process. */
  server?: Server;
  stop(): Promise<void>;
}

/** Lets a server listen on a free port of the loopback interface. */
export async function listen(server: Server): Promise<Emulator> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    server,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A service that this process does not run. */
export function elsewhere(endpoint: string): Emulator {
  return { endpoint, stop: async () => undefined };
}
