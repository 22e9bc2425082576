import { readFileSync } from 'node:fs';
import { aliases, commands } from './commands.ts';
import { nearest } from './shared/nearest.ts';
import { table } from './shared/table.ts';

/**
 * Runs `zavu-webhooks <command> [options]`, and sets the exit code of this process.
 *
 * @param args what stands behind `zavu-webhooks`
 */
export async function main([word, ...args]: readonly string[]): Promise<void> {
  if (word === '--help' || word === 'help') return console.log(usage());
  if (word === '--version') return console.log(version());
  if (word === undefined) return refuse(usage());
  const name = Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return refuse(unknown(word));
  process.exitCode = await command.run(args);
}

function refuse(text: string): void {
  console.error(text);
  process.exitCode = 2;
}

function usage(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary]);
  return [
    'npx zavu-webhooks <command> [options]',
    table([], rows),
    'npx zavu-webhooks <command> --help tells of one command, and --version which version this is.',
  ].join('\n\n');
}

function unknown(word: string): string {
  const near = nearest(word, [...Object.keys(commands), ...Object.keys(aliases)]);
  const guess = near ? ` Did you mean ${near}?` : '';
  return `There is no command "${word}".${guess}\nSee npx zavu-webhooks --help`;
}

function version(): string {
  const file = new URL(import.meta.resolve('zavu-webhooks/package.json'));
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
