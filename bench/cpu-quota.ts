import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda hands out processor time in slices of this length. */
const periodUs = 20_000;
/** What one whole processor costs in memory. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeProcessorMb = 1769;

/** A control group of Linux whose processes get as much of a processor as a function with so much memory. */
export class CpuQuota {
  readonly #directory: string;
  /** A process that writes its id into it is in the group. */
  readonly file: string;

  /** @throws Error if the machine does not let us make one */
  constructor(memoryMb: number) {
    const root = '/sys/fs/cgroup';
    const quotaUs = Math.round((periodUs * memoryMb) / wholeProcessorMb);
    const isFirstVersion = existsSync(join(root, 'cpu'));
    this.#directory = join(root, isFirstVersion ? 'cpu' : '', `zavu-bench-${process.pid}-${memoryMb}`);
    this.file = join(this.#directory, 'cgroup.procs');
    mkdirSync(this.#directory);
    if (isFirstVersion) {
      writeFileSync(join(this.#directory, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(this.#directory, 'cpu.cfs_quota_us'), String(quotaUs));
    } else {
      writeFileSync(join(this.#directory, 'cpu.max'), `${quotaUs} ${periodUs}`);
    }
  }

  /** Once its processes have ended. */
  remove(): void {
    rmdirSync(this.#directory);
  }
}
