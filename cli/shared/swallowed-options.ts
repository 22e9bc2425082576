/** What a command knows of how npm started it. */
interface NpmRun {
  /** What it is called after `npx zavu-webhooks`. */
  command: string;
  /** The names of its options, without the dashes. `context` stands for `-c`, too. */
  options: readonly string[];
  /** What came behind its name. */
  args: readonly string[];
  env: Readonly<NodeJS.ProcessEnv>;
}

/** npm scripts alone take options away. npx hands them on. */
const takers = ['run', 'run-script', 'start', 'test'];

/** Set for npm itself on many build servers. A command that misses its `--yes` asks, and does no harm. */
const left = 'yes';

/**
 * Finds options of a command that npm took for its own: `npm run secrets --stage prod`, or with `--` in PowerShell, which
 * leaves it out. The command would go on without them, on the local run.
 *
 * @returns what was taken and the spelling that works in every shell; undefined if nothing was
 * @see https://docs.npmjs.com/cli/v11/using-npm/config for the variables that npm makes of options
 */
export function swallowedOptions({ command, options, args, env }: NpmRun): string | undefined {
  if (!env.npm_lifecycle_event || !takers.includes(env.npm_command ?? '')) return undefined;
  const taken = options
    .filter((name) => name !== left && !args.some((arg) => names(arg, name)))
    .flatMap((name) => spelledAsTaken(name, env) ?? []);
  if (taken.length === 0) return undefined;
  return (
    `npm took ${taken.join(', ')} for itself, so the command did not get it. npm does so without a "--" before the options, ` +
    `and PowerShell leaves the "--" out. Say it without npm run: npx zavu-webhooks ${command} ${taken.join(' ')}`
  );
}

/** An option as a person gave it, as far as npm tells: the value behind a space is left to the command's arguments. */
function spelledAsTaken(name: string, env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  // npm reads -c as its own --call, with the value.
  if (name === 'context' && env.npm_config_call) return `-c ${env.npm_config_call}`;
  const value = env[`npm_config_${name.replaceAll('-', '_')}`];
  if (value === undefined || value === '') return undefined;
  return value === 'true' ? `--${name}` : `--${name}=${value}`;
}

/** Whether an argument is an option of this name. */
function names(arg: string, name: string): boolean {
  return arg === `--${name}` || arg.startsWith(`--${name}=`) || (name === 'context' && arg.startsWith('-c'));
}
