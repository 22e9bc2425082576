import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { type Command, runCommand } from '../../test/support/command.ts';
import type { Dimension, Expectation } from './dimension.ts';

const measuredSchema = z.object({ cpuMs: z.number(), heldMb: z.number(), peakMb: z.number() });

/**
 * What a command took: milliseconds of processor time, the most that its heap held after a full collection, and the most
 * memory that its process had, both in MB.
 */
export interface CommandUse extends z.infer<typeof measuredSchema> {
  stdout: string;
}

/**
 * Runs a command as a person does, in a process of its own, and measures it.
 *
 * @param env variables beside those of this process
 * @param workspace directory for a file with the measurement
 * @throws Error with what it printed, if it fails
 */
export async function measureCommand(
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  workspace: string,
): Promise<CommandUse> {
  const file = join(workspace, 'measured.json');
  const { code, stdout, printed } = await runCommand(command, args, {
    env: {
      ...env,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'at-exit.mjs')).href}`,
      MEASURED_FILE: file,
    },
  });
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${printed.slice(-2_000)}`);
  return { ...measuredSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), stdout };
}

/** What a command took at each size, as three dimensions: its processor time, its heap and its process's memory. */
export function dimensionsOf(
  about: Pick<Dimension, 'name' | 'sizeUnit'>,
  measured: readonly { size: number; taken: CommandUse }[],
  expected: { heap: Expectation; process: Expectation },
): Dimension[] {
  const of = (part: 'cpuMs' | 'heldMb' | 'peakMb') =>
    measured.map(({ size, taken }) => ({ size, cost: taken[part] }));
  return [
    { ...about, cost: 'CPU, ms', points: of('cpuMs'), expected: { growth: 'linear' } },
    { ...about, cost: 'heap in use, MB', points: of('heldMb'), expected: expected.heap },
    { ...about, cost: 'process, peak MB', points: of('peakMb'), expected: expected.process },
  ];
}
