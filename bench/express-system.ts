import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from './system.ts';
import { secret } from './webhook.ts';

/** What dies when the system is killed: the process that has the route, or the machine with Redis on it, too. */
type Reach = 'process' | 'machine';

/**
 * The Express route of Zavu's webhook guide with BullMQ on Redis, as Debian installs it. A process that has died is started again, as
 * by a process manager.
 *
 * @param directory for Redis' data and the ledger
 * @throws Error if there is no redis-server
 */
export async function startExpressSystem(directory: string, reach: Reach): Promise<System> {
  const [port, redisPort] = [await freePort(), await freePort()];
  const ledger = join(directory, 'ledger');
  let redis: ChildProcess;
  let route: ChildProcess;

  async function startRedis() {
    const options = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory, '--save'];
    // When Debian's configuration has Redis write its data to disk.
    redis = spawn('redis-server', [...options, '3600 1 300 100 60 10000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const missing = once(redis, 'error').then(([error]) => {
      throw new Error('No redis-server: apt-get install redis-server', { cause: error });
    });
    for (let log = ''; !log.includes('Ready to accept connections'); ) {
      const [chunk]: Buffer[] = await Promise.race([once(redis.stdout as never, 'data'), missing]);
      log += chunk;
    }
    redis.stdout?.resume();
  }

  async function startRoute() {
    route = fork(join(import.meta.dirname, 'alternatives/express-route.mjs'), {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        REDIS_PORT: String(redisPort),
        LEDGER: ledger,
        ZAVU_WEBHOOK_SECRET: secret,
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const ended = once(route, 'exit').then(() => {
      throw new Error('The Express route does not start: npm ci --prefix bench');
    });
    await Promise.race([once(route, 'message'), ended]);
    ended.catch(() => undefined);
  }

  async function end(child: ChildProcess) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  await startRedis();
  await startRoute();

  const handledAt = new Map<string, number>();
  const effects = new Map<string, number>();
  const file = openSync(ledger, 'a+');
  const buffer = Buffer.alloc(1_048_576);
  let read = 0;
  const reading = setInterval(() => {
    // What has come since, up to the last whole line.
    const text = buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, read));
    const lines = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of lines.split('\n').filter(Boolean)) {
      const { id }: { id: string } = JSON.parse(line);
      if (!handledAt.has(id)) handledAt.set(id, performance.now());
      effects.set(id, (effects.get(id) ?? 0) + 1);
    }
    read += lines.length;
  }, 5);

  return {
    url: `http://127.0.0.1:${port}/webhooks/zavu`,
    secret,
    handledAt,
    effects: () => effects,
    pids: () => [route.pid ?? 0, redis.pid ?? 0],
    async kill() {
      await end(route);
      if (reach === 'machine') {
        await end(redis);
        await startRedis();
      }
      await sleep(200);
      await startRoute();
    },
    async stop() {
      clearInterval(reading);
      closeSync(file);
      await end(route);
      await end(redis);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
