import { addToApp } from './init/existing-app.ts';
import { startApp } from './init/new-app.ts';
import { createCommand, UsageError } from './shared/command.ts';

/** `npx zavu-webhooks init`. */
export const command = createCommand('init', {
  examples: [
    ['init my-webhooks', 'a new app in a folder of that name'],
    ['init --into .', 'a table of handlers and a handler for the app of this folder'],
  ],
})
  .description(
    "Writes the files of an app that receives Zavu's webhooks. A file that is there is left as it is.",
  )
  .argument('[folder]', 'the folder of a new app. It is made if it is not there')
  .option(
    '--into <folder>',
    'write the table of handlers and a handler into an app that you have, and print what to add to its own files',
  )
  .action((folder, { into }) => {
    if (folder !== undefined && into !== undefined) {
      throw new UsageError(`Give one folder. "${folder}" is a second one.`);
    }
    const lines = into === undefined ? startApp(required(folder)) : addToApp(into);
    console.log(lines.join('\n'));
  });

function required(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new UsageError('Into which folder? Give one, or --into with that of your app.');
}
