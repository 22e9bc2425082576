import { type Command as Completed, RootCommand } from '@bomb.sh/tab';
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { valuesOf } from './values.ts';

/** The commands that run their verb `list` if they are given none, so that its options may stand behind them. */
const listing = ['dead-letters', 'dlq', 'unrouted'];

/**
 * Prints what may stand in place of the last word, as the shells' scripts read it: one candidate a line, with a
 * description, and a line for the shell itself.
 *
 * @param program knows the options of the command that is completed
 * @param words what stands behind `zavu-webhooks`, the last of them begun or empty
 */
export function complete(program: CommandUnknownOpts, words: readonly string[]): void {
  const [first = ''] = words;
  const root = new RootCommand();
  addOptions(root, program, '');
  for (const command of program.commands) {
    const isShort = first !== '' && command.alias() === first;
    addCommand(root, command, isShort ? first : command.name());
  }
  root.parse([...words]);
}

function addCommand(root: RootCommand, command: CommandUnknownOpts, path: string): void {
  const completed = root.command(path, command.summary() || command.description());
  addOptions(completed, command, path);
  for (const argument of command.registeredArguments) {
    const values = argument.argChoices ?? valuesOf(path, argument.name());
    completed.argument(argument.name(), offering(values), argument.variadic);
  }
  for (const verb of command.commands) {
    addCommand(root, verb, `${path} ${verb.name()}`);
    if (verb.name() === 'list' && listing.includes(path)) addOptions(completed, verb, path);
  }
}

function addOptions(completed: Completed, command: CommandUnknownOpts, path: string): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    const { long, short, description } = option;
    if (!long) continue;
    const alias = short?.slice(1);
    const name = long.slice(2);
    if (option.isBoolean()) completed.option(name, description, alias);
    else completed.option(name, description, offering(choicesOf(option, path)), alias);
  }
}

function choicesOf(option: Option, path: string): readonly string[] {
  return option.argChoices ?? valuesOf(path, option.attributeName());
}

function offering(values: readonly string[]): (give: (value: string, description: string) => void) => void {
  return (give) => {
    for (const value of values) give(value, '');
  };
}
