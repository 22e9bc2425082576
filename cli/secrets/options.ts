import { UsageError } from '../shared/command.ts';

/** The options of the verbs, as `parseArgs` takes them. */
export const verbOptions = {
  name: { type: 'string' },
  sender: { type: 'string' },
  project: { type: 'string' },
  'bind-sender': { type: 'string' },
  'bind-project': { type: 'string' },
  grace: { type: 'string' },
  old: { type: 'string' },
} as const;

type OptionName = keyof typeof verbOptions;
export type VerbOptions = { [Name in OptionName]?: string | undefined };

/** The options that each verb takes, besides those that name the deployment. */
const optionsOfVerb = {
  list: [],
  add: ['name', 'bind-sender', 'bind-project'],
  remove: ['name', 'sender', 'project'],
  rotate: ['sender', 'grace', 'old'],
} as const satisfies Record<string, readonly OptionName[]>;

export type SecretsVerb = keyof typeof optionsOfVerb;

/**
 * Reads the verb of the command line.
 *
 * @throws UsageError that names the verbs, if it is none of them
 */
export function parseVerb(text: string | undefined): SecretsVerb {
  const verbs = Object.keys(optionsOfVerb).filter((name): name is SecretsVerb =>
    Object.hasOwn(optionsOfVerb, name),
  );
  const verb = verbs.find((name) => name === text);
  if (!verb) throw new UsageError(`Say what to do: ${verbs.join(', ')}.`);
  return verb;
}

/**
 * Refuses options that the verb does not take, and empty ones. `--sender` and `--project` select an existing entry;
 * `--bind-sender` and `--bind-project` bind a new one. If `add` ignored a wrong option, it would store a secret without
 * its binding, which proves everybody's events.
 *
 * @throws UsageError that names the right option
 */
export function checkOptions(verb: SecretsVerb, options: VerbOptions): void {
  const taken: readonly OptionName[] = optionsOfVerb[verb];
  for (const [name, value] of Object.entries(options)) {
    if (!isOptionName(name) || value === undefined) continue;
    if (!taken.includes(name))
      throw new UsageError(`\`${verb}\` does not take --${name}. ${hintFor(verb, name)}`);
    // A variable of the shell may be empty by mistake.
    if (value.trim() === '') throw new UsageError(`--${name} is empty. Give it a value, or leave it out.`);
  }
}

function hintFor(verb: SecretsVerb, name: OptionName): string {
  if (verb === 'add' && (name === 'sender' || name === 'project')) {
    return `That option selects an existing entry. To bind the new secret, give --bind-${name}.`;
  }
  if (verb === 'remove' && (name === 'bind-sender' || name === 'bind-project')) {
    return `That option binds a new secret. To select the entry to remove, give --${name.slice('bind-'.length)}.`;
  }
  if (verb === 'rotate' && name !== 'grace') {
    return 'The new secret takes the name and the binding of the old one. Give the sender by --sender, and the old secret by --old.';
  }
  const taken = optionsOfVerb[verb].map((option) => `--${option}`);
  return taken.length > 0
    ? `It takes ${taken.join(', ')}.`
    : 'It takes only the options that name the deployment.';
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(verbOptions, name);
}
