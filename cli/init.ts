import { parseArgs } from 'node:util';
import { addToApp } from './init/existing-app.ts';
import { startApp } from './init/new-app.ts';
import { type Command, UsageError } from './shared/command.ts';

const usage = `npx zavu-webhooks init <folder>
npx zavu-webhooks init --into <folder of a CDK app>

Writes the files of an app that receives Zavu's webhooks. A file that is there is left as it is.

  <folder>         the folder of a new app. It is made if it is not there
  --into <folder>  writes the table of handlers and a handler into an app that you have, and prints what to add to
                   its own files. \`--into .\` means this folder`;

async function run(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { into: { type: 'string' } },
  });
  const [folder, surplus] = values.into === undefined ? positionals : [values.into, ...positionals];
  if (folder === undefined)
    throw new UsageError('Into which folder? Give one, or --into with that of your app.');
  if (surplus !== undefined) throw new UsageError(`Give one folder. "${surplus}" is a second one.`);
  const lines = values.into === undefined ? startApp(folder) : addToApp(folder);
  console.log(lines.join('\n'));
  return true;
}

export const command: Command = { name: 'init', usage, run };
