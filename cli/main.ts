import { createProgram } from './program.ts';
import { UsageError, wordsOf } from './shared/command.ts';
import { execute } from './shared/execution.ts';
import { handleInterruptions } from './shared/interruption.ts';
import { swallowedOptions } from './shared/swallowed-options.ts';

/**
 * Runs `zavu-webhooks <command> [options]`, and sets the exit code of this process.
 *
 * @param args what stands behind `zavu-webhooks`
 */
export async function main(args: readonly string[]): Promise<void> {
  handleInterruptions();
  const [first, ...rest] = args;
  if (first === 'complete' && rest[0] === '--') return completeWords(rest.slice(1));
  const words = first === 'help' ? [...rest, '--help'] : args;
  const name = words.find((word) => !word.startsWith('-'));
  const program = await createProgram((word) => word === name);
  program.hook('preAction', (_program, command) => {
    const options = command.options.map(({ long }) => String(long).slice(2));
    const words = { command: wordsOf(command).join(' '), options, args, env: process.env };
    const sentence = swallowedOptions(words);
    if (sentence) throw new UsageError(sentence);
  });
  process.exitCode = await execute(() => program.parseAsync(words, { from: 'user' }), name);
}

/** Answers the script that a shell has of `zavu-webhooks completion`. */
async function completeWords(words: readonly string[]): Promise<void> {
  const { complete } = await import('./completion/complete.ts');
  complete(await createProgram((word) => words.length > 1 && word === words[0]), words);
}
