import { Command, type CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';

/** The command was given wrongly: it ends with 2, and nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command as it was called, such as `secrets add`; undefined if the parser did not get that far. */
  command: string | undefined;
}

/** What to do about an error, if the error's name or code matches. */
export type ErrorHint = readonly [RegExp, string];

/** How a command ends, whichever it is. A command that is cut short ends with 128 and the number of the signal. */
export const exitCodes = { well: 0, failed: 1, givenWrongly: 2 } as const;

/** What stands below a command's options in its help. */
interface HelpNotes {
  /** What stands behind `npx zavu-webhooks`, each with what it does. @default none */
  examples?: readonly (readonly [string, string])[];
  /** Paragraphs. @default none */
  notes?: readonly string[];
}

/**
 * Creates a command, or a verb of one, as all of them are: it has `--help`, throws a `UsageError` if it is given wrongly,
 * and never ends the process by itself.
 *
 * @param name the word that calls it
 */
export function createCommand(name: string, { examples = [], notes = [] }: HelpNotes = {}) {
  const command = new Command(name)
    .helpOption('--help', 'print this')
    .helpCommand(false)
    .exitOverride((error) => refuse(error, command))
    .configureOutput({ outputError: () => undefined });
  if (examples.length > 0)
    command.addHelpText('after', `\nExamples:\n${examples.map(exampleText).join('\n')}`);
  if (notes.length > 0)
    command.addHelpText('after', () => notes.map((note) => paragraph(command, note)).join('\n'));
  return command;
}

/** A paragraph of a help text, as wide as the terminal. */
export function paragraph(command: CommandUnknownOpts, text: string): string {
  return `\n${command.createHelp().boxWrap(text, process.stdout.columns ?? 80)}`;
}

/** Whether a command of this process has failed. */
let hasFailed = false;

/** Gives whether the command that ran has failed, and forgets it. */
export function takeFailure(): boolean {
  const failed = hasFailed;
  hasFailed = false;
  return failed;
}

/**
 * Makes an action of what a command does.
 *
 * @param run gives whether all went well; false makes the command end with 1
 */
export function endingBy<Args extends unknown[]>(
  run: (...args: Args) => Promise<boolean>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    if (!(await run(...args))) hasFailed = true;
  };
}

/** The words by which a command is called, without the program's own. */
export function wordsOf(command: { name(): string; parent: unknown }): string[] {
  const { parent } = command;
  return parent instanceof Command ? [...wordsOf(parent), command.name()] : [];
}

/** Makes a sentence of commander's error: `error: unknown option '--lout'\n(Did you mean --loud?)`. */
function refuse(error: CommanderError, command: CommandUnknownOpts): never {
  // Its help was printed: because it was asked for, or because there was no command.
  if (error.exitCode === 0 || error.code === 'commander.help') throw error;
  // Without the value, which may be a secret.
  const text = error.message
    .replace(/^error: /, '')
    .replace(/(option '--[\w-]+)=[^\n]*'/, "$1'")
    .replace(
      /^option '.*(--[\w-]+).*' argument '.*' is invalid\. Allowed choices are (.*)$/s,
      '$1 must be one of $2',
    );
  const [first = '', ...rest] = text.split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.?!]$/.test(first) ? '' : '.'}`;
  const usage = new UsageError([sentence, ...rest.map((line) => line.replace(/^\(|\)$/g, ''))].join(' '));
  usage.command = wordsOf(command).join(' ');
  throw usage;
}

function exampleText([line, meaning]: readonly [string, string]): string {
  return `  npx zavu-webhooks ${line}\n      ${meaning}`;
}
