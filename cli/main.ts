import type { CommandUnknownOpts } from '@commander-js/extra-typings';
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
  const refuseSwallowed = (command: CommandUnknownOpts, verbs: readonly CommandUnknownOpts[] = []) => {
    const options = [command, ...verbs].flatMap((each) =>
      each.options.map(({ long }) => String(long).slice(2)),
    );
    const run = {
      command: wordsOf(command).join(' '),
      options: [...new Set(options)],
      args,
      env: process.env,
    };
    const sentence = swallowedOptions(run);
    if (sentence) throw new UsageError(sentence);
  };
  program.hook('preAction', (_program, command) => refuseSwallowed(command));
  const run = async () => {
    try {
      await program.parseAsync(words, { from: 'user' });
    } catch (error) {
      // The value of an option that npm took stands there like a verb or an argument: that is why it does not fit.
      const called = program.commands.find((each) => each.name() === name || each.alias() === name);
      if (error instanceof UsageError && error.command !== undefined && called)
        refuseSwallowed(called, called.commands);
      throw error;
    }
  };
  process.exitCode = await execute(run, name);
}

/** Answers the script that a shell has of `zavu-webhooks completion`. */
async function completeWords(words: readonly string[]): Promise<void> {
  const { complete } = await import('./completion/complete.ts');
  complete(await createProgram((word) => words.length > 1 && word === words[0]), words);
}
