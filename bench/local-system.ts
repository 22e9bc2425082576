import { StartedStack } from '../test/support/started-stack.ts';
import type { ReportLine } from '../testing/report-line.ts';
import { apps, belowPackages } from './functions.ts';
import type { System } from './system.ts';

/** A system that the local run runs: deployed bundles, in processes of their own, against emulators. */
interface LocalSystem extends System {
  /** What it has said so far. */
  lines(): readonly ReportLine[];
}

/** The stack, as `npm start` runs it. Its workers keep no messages, because what it is measured against keeps none. */
export function startLocalSystem(): Promise<LocalSystem> {
  const settings = { messagesTable: 'false', throttleRate: '10000', retryDelaysSeconds: '1,1,1,2,2,2' };
  return started({ settings }, ({ event, id }) => (event === 'handled' ? id : undefined));
}

/** The plain stack, in the same local run. */
export function startPlainSystem(): Promise<LocalSystem> {
  // Its bundles need the SDK above them, and the local run writes them into the system's directory for such files.
  const env = { TMPDIR: belowPackages() };
  return started({ app: apps.plain, env }, ({ event, line = '' }) => {
    if (event !== 'log' || !line.includes('"handled"')) return undefined;
    const { id }: { id: string } = JSON.parse(line);
    return id;
  });
}

async function started(
  options: NonNullable<Parameters<typeof StartedStack.start>[0]>,
  handledOf: (line: ReportLine) => string | undefined,
): Promise<LocalSystem> {
  const stack = await StartedStack.start(options);
  const handledAt = new Map<string, number>();
  let read = 0;
  const reading = setInterval(() => {
    for (const line of stack.reports.slice(read)) {
      const id = handledOf(line);
      if (id && !handledAt.has(id)) handledAt.set(id, performance.now());
      read += 1;
    }
  }, 2);
  return {
    url: stack.ready.url,
    secret: stack.ready.secret,
    handledAt,
    lines: () => [...stack.reports, ...stack.awsLines],
    pids: () => stack.reports.flatMap(({ event, pid }) => (event === 'started' && pid ? [pid] : [])),
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
