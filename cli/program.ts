import { readFileSync } from 'node:fs';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { commands } from './commands.ts';
import { createCommand, paragraph } from './shared/command.ts';

const exitCodesText =
  'Exit code: 0 if all went well, 1 if something failed, 2 if the command was given wrongly, and 128 plus the number of ' +
  'the signal if it was cut short (130: Ctrl-C).';

/**
 * Creates the program `zavu-webhooks`. It knows every command by its name and summary.
 *
 * @param isWanted whether a command is loaded whole, with its options, by its name or its other name
 */
export async function createProgram(isWanted: (word: string) => boolean): Promise<CommandUnknownOpts> {
  const program: CommandUnknownOpts = createCommand('npx zavu-webhooks', {
    notes: ['npx zavu-webhooks <command> --help tells of one command.'],
  })
    .usage('<command> [options]')
    .version(version(), '--version', 'print which version this is')
    .addHelpText('afterAll', ({ command }) => paragraph(command, exitCodesText));
  for (const [name, { summary, alias, load }] of Object.entries(commands)) {
    const isLoaded = isWanted(name) || (alias !== undefined && isWanted(alias));
    const command = isLoaded ? (await load()).command : new Command(name);
    command.summary(summary);
    if (alias !== undefined) command.alias(alias);
    program.addCommand(command);
  }
  return program;
}

function version(): string {
  const file = new URL(import.meta.resolve('zavu-webhooks/package.json'));
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
