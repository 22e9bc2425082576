import { parseArgs } from 'node:util';
import { parseSecrets } from '../lambda/zavu/signing-secret.ts';
import { readSecret } from './secrets/input.ts';
import {
  added,
  type Binding,
  findByEnd,
  isPlaceholder,
  printList,
  readList,
  removed,
  shown,
  tableOf,
  titleOf,
} from './secrets/list.ts';
import { defaultGraceSeconds, oldSecret, proveWritable, storeIssued } from './secrets/rotation.ts';
import { type SecretStore, storeOf } from './secrets/store.ts';
import { warningsOf } from './secrets/warnings.ts';
import {
  type DeploymentChoice,
  deploymentOptions,
  deploymentUsage,
  findDeployment,
} from './shared/deployment.ts';
import { ask, createZavu } from './shared/zavu.ts';

const usage = `npm run secrets -- <command> [options]

  list                the signing secrets, by their last four characters
  add                 adds one, read from standard input or asked for
  remove <last four>  removes one
  rotate              has Zavu issue a new one for a sender, and stores it

  --name <name>       add: what to call it. remove: which one, where several end so
  --sender <id>       add: binds it to a sender. remove: which one
  --project <id>      add: binds it to a project. remove: which one
  --zavu-sender <id>  rotate: the sender
  --grace <seconds>   rotate: how long the old one still counts (${defaultGraceSeconds})
  --old <last four>   rotate: the old one, where it is neither named for the sender nor the only one

${deploymentUsage}

$ZAVUDEV_API_KEY is the key of Zavu's API, for rotate; $ZAVUDEV_BASE_URL another address of it.
docs/senders.md has the rest.`;

interface Options extends DeploymentChoice, Binding {
  name?: string | undefined;
  'zavu-sender'?: string | undefined;
  grace: string;
  old?: string | undefined;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...deploymentOptions,
      name: { type: 'string' },
      sender: { type: 'string' },
      project: { type: 'string' },
      'zavu-sender': { type: 'string' },
      grace: { type: 'string', default: String(defaultGraceSeconds) },
      old: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, end = ''] = positionals;
  const run = commandOf(command, end);
  if (values.help || !run) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  for (const option of ['name', 'sender', 'project', 'zavu-sender'] as const) {
    // An empty variable of a shell's must not make a secret that is not bound.
    if (values[option]?.trim() === '')
      throw new Error(`--${option} is empty. Give it a value, or leave it out.`);
  }
  console.log(await run(storeOf(await findDeployment(values)), values));
}

/** What a command does. Gives what it tells. */
function commandOf(
  command: string | undefined,
  end: string,
): ((store: SecretStore, options: Options) => Promise<string>) | undefined {
  switch (command) {
    case 'list':
      return list;
    case 'add':
      return add;
    case 'remove':
      return (store, options) => remove(store, end, options);
    case 'rotate':
      return rotate;
    default:
      return undefined;
  }
}

async function list(store: SecretStore): Promise<string> {
  const text = await store.read();
  if (isPlaceholder(text)) {
    return 'No secret yet, only the random text that the stack begins with: everything is refused.';
  }
  const [secrets, now] = [parseSecrets(text), Date.now()];
  const warnings = warningsOf(secrets, now).map((warning) => `\n\n${warning}`);
  return tableOf(secrets, now) + warnings.join('');
}

async function add(store: SecretStore, { name, sender, project }: Options): Promise<string> {
  const entry = {
    secret: await readSecret(),
    ...(name === undefined ? {} : { name }),
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
  };
  let first = false;
  await store.edit((text) => {
    first ||= isPlaceholder(text);
    return printList(added(readList(text, Date.now()), entry));
  });
  return `Stored ${titleOf(entry)}${first ? ', in the place of the random text that the stack began with' : ''}.`;
}

async function remove(store: SecretStore, end: string, { name, sender, project }: Options): Promise<string> {
  const which = { name, sender, project };
  const present = readList(await store.read(), Date.now());
  const entry = findByEnd(present, end, which);
  await store.edit((text) => printList(removed(readList(text, Date.now()), entry)));
  return `Removed ${titleOf(entry)}. Functions that know it forget it within five minutes.`;
}

async function rotate(
  store: SecretStore,
  { 'zavu-sender': sender, grace, old: end }: Options,
): Promise<string> {
  if (!sender) throw new Error('Which sender? Give its id in Zavu: --zavu-sender <id>.');
  if (!/^\d{1,7}$/.test(grace)) throw new Error('--grace must be a whole number of seconds.');
  const zavu = createZavu();
  const old = oldSecret(readList(await store.read(), Date.now()), sender, end);
  const { webhook } = await ask(sender, zavu.senders.retrieve(sender));
  if (!webhook) throw new Error(`${sender} has no webhook in Zavu: npm run register -- --sender ${sender}`);

  const [{ name = sender, sender: bound, project } = {}] = old;
  const as = { name, ...(bound ? { sender: bound } : {}), ...(project ? { project } : {}) };
  const graceSeconds = Number(grace);
  const issue = { store, sender, old, as, graceSeconds };
  await proveWritable(issue);
  const { secret } = await ask(sender, zavu.senders.regenerateWebhookSecret(sender));
  const { entry, expiresAt } = await storeIssued(secret, issue);
  const gone = old.map(
    (each) => `${shown(each)} ${graceSeconds > 0 ? `counts until ${expiresAt}` : 'is removed'}`,
  );
  return [
    `Stored ${titleOf(entry)}. ${gone.join(', ')}`.trim(),
    'The receiver takes it up at the first event that it signs; what is refused until then comes again in a minute.',
  ].join('\n');
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
