import { Option } from '@commander-js/extra-typings';
import { docsPage } from '../lib/docs-page.ts';
import { addSecret } from './secrets/add.ts';
import { storeApiKey } from './secrets/api-key.ts';
import { listSecrets } from './secrets/list-secrets.ts';
import { removeSecret } from './secrets/remove.ts';
import type { SecretsResult } from './secrets/result.ts';
import { rotateSecret } from './secrets/rotate.ts';
import { defaultGraceSeconds } from './secrets/rotation.ts';
import { createSecretStore, type SecretStore } from './secrets/store.ts';
import { createCommand, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { durationOption, jsonOption, onDeployment } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import type { DeploymentChoice } from './shared/stack-name.ts';

const ofExisting = 'That option selects an existing entry.';
const ofNew = 'That option binds a new secret.';
const ofOld = 'The new secret takes the name and the binding of the old one.';

const zavuNote =
  "It needs the key of Zavu's API in $ZAVUDEV_API_KEY. $ZAVUDEV_BASE_URL is another address of the API.";

/** `npx zavu-webhooks secrets`. */
export const command = createCommand('secrets', {
  examples: [
    ['secrets list --stage prod', 'the secrets, by their last four characters'],
    ['secrets add --bind-sender snd_1', 'asks for a secret, and binds it to a sender'],
    [
      'secrets rotate --sender snd_1 --grace 1h',
      'lets Zavu issue a new one; the old one counts for an hour more',
    ],
  ],
})
  .description(
    `Lists, adds, removes and rotates the signing secrets of a stack. ${docsPage('senders.md')} explains it.`,
  )
  .addCommand(
    onDeployment(createCommand('list'))
      .description('Shows the signing secrets, by their last four characters')
      .addOption(jsonOption)
      .action(async (options) => print(await listSecrets(await storeOf(options)), options.json)),
  )
  .addCommand(
    onDeployment(
      createCommand('add')
        .addOption(text('--name <name>', 'what to call the secret'))
        .addOption(
          text('--bind-sender <id>', 'bind it to a sender: it then proves only events of this sender'),
        )
        .addOption(
          text('--bind-project <id>', 'bind it to a project: it then proves only events of this project'),
        ),
    )
      .description('Adds a secret: it is read from standard input, or asked for')
      .addOption(jsonOption)
      .addOption(misplaced('--sender <id>', `${ofExisting} To bind the new secret, give --bind-sender.`))
      .addOption(misplaced('--project <id>', `${ofExisting} To bind the new secret, give --bind-project.`))
      .action(async (options) => print(await addSecret(await storeOf(options), options), options.json)),
  )
  .addCommand(
    onDeployment(
      createCommand('remove')
        .argument('<last four>', 'the last four characters of the secret')
        .addOption(text('--name <name>', 'the one with this name, if several end alike'))
        .addOption(text('--sender <id>', 'the one that is bound to this sender'))
        .addOption(text('--project <id>', 'the one that is bound to this project')),
    )
      .description('Removes a secret')
      .addOption(jsonOption)
      .addOption(misplaced('--bind-sender <id>', `${ofNew} To select the entry to remove, give --sender.`))
      .addOption(misplaced('--bind-project <id>', `${ofNew} To select the entry to remove, give --project.`))
      .action(async (lastFour, options) =>
        print(await removeSecret(await storeOf(options), lastFour, options), options.json),
      ),
  )
  .addCommand(
    onDeployment(
      createCommand('rotate', { notes: [zavuNote] })
        .addOption(text('--sender <id>', 'the sender, by its id in Zavu').makeOptionMandatory())
        .addOption(
          durationOption(
            '--grace <duration>',
            'how long the old secret still counts: 0, 30s, 5m, 1h',
          ).default(defaultGraceSeconds * 1000, `${defaultGraceSeconds / 60}m`),
        )
        .addOption(
          text(
            '--old <last four>',
            'the old secret, if it is neither named for the sender, nor bound to it, nor the only unnamed one',
          ),
        ),
    )
      .description('Lets Zavu issue a new secret for a sender, and stores it')
      .addOption(jsonOption)
      .addOption(misplaced('--name <name>', `${ofOld} Give the old secret by --old.`))
      .addOption(misplaced('--project <id>', `${ofOld} Give the sender by --sender.`))
      .addOption(misplaced('--bind-sender <id>', `${ofOld} Give the sender by --sender.`))
      .addOption(misplaced('--bind-project <id>', `${ofOld} Give the sender by --sender.`))
      .action(async (options) => print(await rotateSecret(await storeOf(options), options), options.json)),
  )
  .addCommand(
    onDeployment(createCommand('api-key'))
      .description(
        "Stores the key of Zavu's API that `reconcile` asks with: it is read from standard input, or asked for. One key for each project",
      )
      .addOption(jsonOption)
      .action(async (options) => print(await storeApiKey(await findDeployment(options)), options.json)),
  );

async function storeOf(choice: DeploymentChoice): Promise<SecretStore> {
  return createSecretStore(await findDeployment(choice));
}

function print({ text, json }: SecretsResult, asJson: true | undefined): void {
  if (asJson) printJson(json);
  else console.log(text);
}

/** An option that must not be empty: a variable of the shell may be, by mistake. */
function text<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).argParser((value: string) => {
    if (value.trim() !== '') return value;
    throw new UsageError(`${flags.split(' ')[0]} is empty. Give it a value, or leave it out.`);
  });
}

/**
 * An option of another verb. `--sender` and `--project` select an existing entry; `--bind-sender` and `--bind-project`
 * bind a new one. If `add` took a wrong option for nothing, it would store a secret without its binding, which proves
 * everybody's events.
 */
function misplaced(flags: string, sentence: string): Option {
  return new Option(flags).hideHelp().argParser((): never => {
    throw new UsageError(`${flags.split(' ')[0]} means nothing here. ${sentence}`);
  });
}
