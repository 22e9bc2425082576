import { createProgram } from './program.ts';
import { execute } from './shared/execution.ts';
import { handleInterruptions } from './shared/interruption.ts';

/**
 * Runs `zavu-webhooks <command> [options]`, and sets the exit code of this process.
 *
 * @param args what stands behind `zavu-webhooks`
 */
export async function main(args: readonly string[]): Promise<void> {
  handleInterruptions();
  const [first, ...rest] = args;
  const words = first === 'help' ? [...rest, '--help'] : args;
  const name = words.find((word) => !word.startsWith('-'));
  const program = await createProgram((word) => word === name);
  process.exitCode = await execute(() => program.parseAsync(words, { from: 'user' }), name);
}
