import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { wordsOf } from './command.ts';

/** npm's own option that `-c` is short for, as it is for `--context` here. */
const npmsOwn: Readonly<Record<string, string>> = { context: 'call' };

/**
 * Finds options that npm has taken for its own. npm takes what stands before `--`, and PowerShell drops the `--`: a
 * command would go on without `--stage prod`, and work on the local run.
 *
 * @param env npm hands on what it took in variables
 * @param args what the command did get
 * @returns a sentence that says what was taken and what to do; undefined if nothing was
 * @see https://github.com/npm/cli/issues/3136
 */
export function swallowedOptions(
  command: CommandUnknownOpts,
  env: Readonly<NodeJS.ProcessEnv>,
  args: readonly string[],
): string | undefined {
  // npx sets variables of its own, and takes nothing that stands behind the command.
  if (env.npm_lifecycle_event === undefined || env.npm_lifecycle_event === 'npx') return undefined;
  const taken = command.options.filter(({ long, short }) => {
    const name = long?.slice(2) ?? '';
    const variables = [name.replaceAll('-', '_'), npmsOwn[name]].map((each) => env[`npm_config_${each}`]);
    const isTaken = variables.some((value) => value !== undefined && value !== '');
    const isGiven = args.some((arg) => [long, short].some((flag) => flag && arg.startsWith(flag)));
    return isTaken && !isGiven;
  });
  if (taken.length === 0) return undefined;
  const names = taken.map(({ long }) => long).join(', ');
  return (
    `npm took ${names} for an option of its own, so this command did not get it. Run it without npm, which works in every ` +
    `shell: npx zavu-webhooks ${[...wordsOf(command), ...taken.map(({ flags }) => flags.split(/, /).at(-1))].join(' ')}`
  );
}
