import { parseArgs } from 'node:util';
import { parseSecrets } from '../lambda/zavu/signing-secret.ts';
import { readSecret } from './secrets/input.ts';
import {
  addEntry,
  findByLastFour,
  isPlaceholder,
  parseList,
  removeEntry,
  serializeList,
} from './secrets/list.ts';
import {
  checkOptions,
  parseVerb,
  type SecretsVerb,
  type VerbOptions,
  verbOptions,
} from './secrets/options.ts';
import { checkWritable, defaultGraceSeconds, findOldEntries, storeIssued } from './secrets/rotation.ts';
import { createSecretStore, type SecretStore } from './secrets/store.ts';
import { describeSecret, maskSecret, secretsTable } from './secrets/table.ts';
import { warningsOf } from './secrets/warnings.ts';
import { type Command, UsageError } from './shared/command.ts';
import { deploymentOptions, deploymentUsage, findDeployment } from './shared/deployment.ts';
import { parseWholeNumber } from './shared/whole-number.ts';
import { askZavu, createZavu } from './shared/zavu.ts';

const usage = `npx zavu-webhooks secrets <command> [options]

  list                show the signing secrets, by their last four characters
  add                 add a secret: it is read from standard input, or asked for
  remove <last four>  remove a secret
  rotate              let Zavu issue a new secret for a sender, and store it

add:
  --name <name>        what to call the secret
  --bind-sender <id>   bind it to a sender: it then proves only events of this sender
  --bind-project <id>  bind it to a project: it then proves only events of this project

remove, if several secrets end in the same four characters:
  --name <name>        the one with this name
  --sender <id>        the one that is bound to this sender
  --project <id>       the one that is bound to this project

rotate:
  --sender <id>        the sender, by its id in Zavu
  --grace <seconds>    how long the old secret still counts (${defaultGraceSeconds})
  --old <last four>    the old secret, if it is neither named for the sender, nor bound to it, nor the only unnamed one

${deploymentUsage}

rotate needs the key of Zavu's API in $ZAVUDEV_API_KEY. $ZAVUDEV_BASE_URL is another address of the API.
docs/senders.md explains all of it.`;

async function run(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...deploymentOptions, ...verbOptions },
  });
  const { stage, stack, profile, region, port, ...options } = values;
  const [name, ...operands] = positionals;
  const verb = parseVerb(name);
  checkOptions(verb, options);
  const [surplus] = operands.slice(verb === 'remove' ? 1 : 0);
  if (surplus !== undefined) throw new UsageError(`\`${verb}\` does not take "${surplus}".`);
  const store = createSecretStore(await findDeployment({ stage, stack, profile, region, port }));
  console.log(await perform(verb, store, options, operands));
  return true;
}

/** Does what the verb asks for. Gives what to print. */
function perform(
  verb: SecretsVerb,
  store: SecretStore,
  options: VerbOptions,
  [lastFour = '']: readonly string[],
): Promise<string> {
  switch (verb) {
    case 'list':
      return list(store);
    case 'add':
      return add(store, options);
    case 'remove':
      return remove(store, lastFour, options);
    case 'rotate':
      return rotate(store, options);
  }
}

async function list(store: SecretStore): Promise<string> {
  const text = await store.read();
  if (isPlaceholder(text)) {
    return 'No secret is stored yet, only the random text that the stack begins with: every webhook is refused.';
  }
  const [secrets, now] = [parseSecrets(text), Date.now()];
  return [secretsTable(secrets, now), ...warningsOf(secrets, now)].join('\n\n');
}

async function add(
  store: SecretStore,
  { name, 'bind-sender': sender, 'bind-project': project }: VerbOptions,
): Promise<string> {
  const entry = {
    secret: await readSecret(),
    ...(name === undefined ? {} : { name }),
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
  };
  let isFirst = false;
  await store.edit((text) => {
    isFirst ||= isPlaceholder(text);
    return serializeList(addEntry(parseList(text, Date.now()), entry));
  });
  return `Stored ${describeSecret(entry)}${isFirst ? ', in place of the random text that the stack began with' : ''}.`;
}

async function remove(
  store: SecretStore,
  lastFour: string,
  { name, sender, project }: VerbOptions,
): Promise<string> {
  const present = parseList(await store.read(), Date.now());
  const entry = findByLastFour(present, lastFour, { name, sender, project });
  await store.edit((text) => serializeList(removeEntry(parseList(text, Date.now()), entry)));
  return `Removed ${describeSecret(entry)}. The receiver stops accepting it within five minutes.`;
}

async function rotate(store: SecretStore, { sender, grace, old }: VerbOptions): Promise<string> {
  if (sender === undefined) throw new UsageError('Which sender? Give its id in Zavu: --sender <id>.');
  const graceSeconds =
    grace === undefined ? defaultGraceSeconds : parseWholeNumber('grace', grace, 9_999_999, 0);
  const zavu = createZavu();
  const oldEntries = findOldEntries(parseList(await store.read(), Date.now()), sender, old);
  const { webhook } = await askZavu(sender, zavu.senders.retrieve(sender));
  if (!webhook)
    throw new Error(`${sender} has no webhook in Zavu: npx zavu-webhooks register --sender ${sender}`);

  const [{ name = sender, sender: boundSender, project } = {}] = oldEntries;
  const fields = {
    name,
    ...(boundSender ? { sender: boundSender } : {}),
    ...(project ? { project } : {}),
  };
  const replacement = { store, sender, oldEntries, fields, graceSeconds };
  await checkWritable(replacement);
  const { secret } = await askZavu(sender, zavu.senders.regenerateWebhookSecret(sender));
  const { entry, expiresAt } = await storeIssued(secret, replacement);
  const outcomes = oldEntries.map(
    (oldEntry) => `${maskSecret(oldEntry)} ${graceSeconds > 0 ? `counts until ${expiresAt}` : 'is removed'}`,
  );
  return [
    `Stored ${describeSecret(entry)}. ${outcomes.join(', ')}`.trim(),
    'The receiver loads the new secret at the first event that is signed with it. Zavu sends what is refused until then again after a minute.',
  ].join('\n');
}

/** `npx zavu-webhooks secrets`. */
export const command: Command = { name: 'secrets', usage, run };
