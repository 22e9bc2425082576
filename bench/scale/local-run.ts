import { readFileSync } from 'node:fs';
import { readStateFile } from '../../local/state.ts';
import { StartedStack } from '../../test/support/started-stack.ts';
import { deliverAtOnce } from '../load.ts';
import { cpuSecondsOf } from '../processes.ts';
import type { Dimension } from './dimension.ts';
import type { Point } from './growth.ts';

const atOnce = 16;
/** Events that are not measured, after which Node has compiled what runs often. */
const warmUp = 1_000;

/**
 * How the local run grows with the number of events: gateway, emulators and functions together, in one run from the
 * smallest number to the largest, so that what is left over from earlier events counts.
 */
export async function measureLocalRun(sizes: readonly number[]): Promise<Dimension[]> {
  const stack = await StartedStack.start({ settings: { throttleRate: '10000' } });
  const { pid } = readStateFile(stack.stateFile);
  const cpuMs = async () => cpuSecondsOf([pid, ...(await stack.children())]) * 1000;
  const { url, secret } = stack.ready;
  const handle = async (events: number) => {
    await deliverAtOnce({ url, secret }, atOnce, (sent) => sent < events);
    await stack.drained();
  };
  const cpu: Point[] = [];
  const memory: Point[] = [];
  try {
    await handle(warmUp);
    for (const size of sizes) {
      const before = await cpuMs();
      await handle(size);
      cpu.push({ size, cost: (await cpuMs()) - before });
      memory.push({ size, cost: residentMb(pid) });
    }
  } finally {
    await stack.stop();
  }
  const about = { name: '`npm start`', sizeUnit: 'events' };
  return [
    { ...about, cost: 'CPU of all processes, ms', points: cpu, expected: { growth: 'linear' } },
    {
      ...about,
      cost: 'process of the emulators, peak MB',
      points: memory,
      expected: { growth: 'bounded', most: maxMb },
    },
  ];
}

/** What the local run's own process may have at most, in MB. It holds the tables and the queues. */
const maxMb = 768;

/** The most memory that a process has had so far, in MB. */
function residentMb(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) / 1024;
}
