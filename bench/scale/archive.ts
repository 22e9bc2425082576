import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startCloudFormation } from '../../test/support/cloudformation.ts';
import type { ArchiveSize } from './archive-layout.ts';
import type { Dimension } from './dimension.ts';
import { type CommandUse, dimensionsOf, measureCommand } from './measured-command.ts';
import { environment, outputs } from './stack.ts';

const dayMs = 86_400_000;

/**
 * How a replay grows with its archive. It is the command itself on objects that are made when it reads them; it counts
 * the events and puts none into a queue.
 *
 * @param sizes how many events: multiples of ten, which are spread over ten days
 */
export async function measureArchive(sizes: readonly number[], workspace: string): Promise<Dimension[]> {
  const s3 = fork(join(import.meta.dirname, 'archive-process.ts'));
  const [endpoint]: string[] = await once(s3, 'message');
  const cloudFormation = await startCloudFormation({ Scale: outputs({}) });
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const days = Array.from({ length: 10 }, (_, index) => isoDay(today - (index + 2) * dayMs)).toReversed();
  const env = environment({ CLOUDFORMATION: cloudFormation.endpoint, S3: endpoint ?? '' });
  const measured: { size: number; taken: CommandUse }[] = [];
  try {
    for (const events of sizes) {
      s3.send({ events, days } satisfies ArchiveSize);
      await once(s3, 'message');
      const span = ['--from', days[0] ?? '', '--to', isoDay(today), '--dry-run', '--json'];
      const taken = await measureCommand('replay', ['--stack', 'Scale', ...span], env, workspace);
      const { put } = JSON.parse(taken.stdout);
      if (put.inbound !== events) throw new Error(`A replay counts ${put.inbound} events of ${events}.`);
      measured.push({ size: events, taken });
    }
  } finally {
    s3.disconnect();
    await cloudFormation.stop();
  }
  const about = { name: '`replay --dry-run` of an archive', sizeUnit: 'events' };
  return dimensionsOf(about, measured, {
    heap: { growth: 'constant' },
    process: { growth: 'constant' },
  });
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
