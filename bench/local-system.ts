import { StartedStack } from '../test/support/started-stack.ts';
import type { System } from './system.ts';

/**
 * The stack as `npm start` runs it: the deployed bundles, in processes of their own, against emulators. Its workers
 * keep no messages, because neither does what it is measured against.
 */
export async function startLocalSystem(): Promise<System> {
  const stack = await StartedStack.start({
    settings: {
      messagesTable: 'false',
      throttleRate: '10000',
      retryDelaysSeconds: '1,1,1,2,2,2',
    },
  });
  const handledAt = new Map<string, number>();
  let read = 0;
  const reading = setInterval(() => {
    for (; read < stack.reports.length; read++) {
      const { event, id } = stack.reports[read] ?? {};
      if (event === 'handled' && id && !handledAt.has(id)) handledAt.set(id, performance.now());
    }
  }, 2);
  const pids = () => stack.reports.flatMap(({ event, pid }) => (event === 'started' && pid ? [pid] : []));
  return {
    url: stack.ready.url,
    secret: stack.ready.secret,
    handledAt,
    pids,
    effects() {
      const effects = new Map<string, number>();
      for (const line of stack.ledger()) {
        if ('id' in line) effects.set(line.id, (effects.get(line.id) ?? 0) + 1);
      }
      return effects;
    },
    async kill() {
      await stack.kill('');
    },
    async stop() {
      clearInterval(reading);
      await stack.stop();
    },
  };
}
