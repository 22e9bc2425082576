import { isLive, parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';

export type SecretList = readonly SigningSecret[];

/** What a secret is bound to. */
export type Binding = Pick<SigningSecret, 'sender' | 'project'>;

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const maxBytes = 65_536;

/**
 * Whether the text is the random one that the stack's secret is created with (lib/receiver/receiver.ts): 64 letters and
 * digits, in plain text. No secret of Zavu's is one, as `whsec_` has an underscore, and `printList` writes none
 * plainly. Where in doubt it is a secret: a placeholder that is kept does no harm, since nobody knows it.
 */
export function isPlaceholder(text: string): boolean {
  return /^[A-Za-z0-9]{64}$/.test(text);
}

/**
 * Reads the secret's text for an edit: without the placeholder, what has expired, and what stands there twice.
 *
 * @param now milliseconds since the epoch
 * @throws MalformedSecret
 */
export function readList(text: string, now: number): SecretList {
  const live = isPlaceholder(text) ? [] : parseSecrets(text).filter((entry) => isLive(entry, now));
  return [...new Map(live.map((entry) => [JSON.stringify(ordered(entry)), entry])).values()];
}

/**
 * Writes a list: a lone secret without more as plain text, everything else as JSON.
 *
 * @throws Error where it is empty, or larger than Secrets Manager takes; MalformedSecret where the receiver would refuse it: a field is
 *   blank, or a secret cannot be right
 */
export function printList(list: SecretList): string {
  const [first, ...more] = list.map((entry) => (isBare(entry) ? entry.secret : ordered(entry)));
  if (first === undefined)
    throw new Error('Without a secret every webhook is answered 503: none was removed.');
  const plain = more.length === 0 && typeof first === 'string' && !isPlaceholder(first);
  const text = plain ? first : JSON.stringify([first, ...more]);
  if (Buffer.byteLength(text) > maxBytes) {
    throw new Error(
      'The list is larger than one secret holds (64 KiB). Remove some: npm run secrets -- list.',
    );
  }
  // What the receiver would refuse is never stored.
  parseSecrets(text);
  return text;
}

/** Adds a secret. One with the same binding is replaced: it takes the new name, and no end. */
export function added(list: SecretList, entry: SigningSecret): SecretList {
  const at = list.findIndex((each) => isSame(each, entry));
  return at < 0 ? [...list, entry] : list.with(at, entry);
}

/** Removes a secret. */
export function removed(list: SecretList, entry: SigningSecret): SecretList {
  return list.filter((each) => !isSame(each, entry));
}

/**
 * Puts a new secret in the place of others.
 *
 * @param old those that it replaces: they are removed, or expire at `expiresAt`
 */
export function replaced(
  list: SecretList,
  old: SecretList,
  entry: SigningSecret,
  expiresAt?: string,
): SecretList {
  const rest = list.flatMap((each) => {
    if (!old.some((one) => isSame(each, one))) return [each];
    return expiresAt === undefined ? [] : [{ ...each, expiresAt }];
  });
  return added(rest, entry);
}

/**
 * Finds one secret by its last four characters.
 *
 * @param also what else it must be, where several end so
 * @throws Error where there is none, or more than one
 */
export function findByEnd(list: SecretList, end: string, also: Partial<SigningSecret> = {}): SigningSecret {
  if (end.length !== 4)
    throw new Error('Name a secret by its last four characters: npm run secrets -- list.');
  const found = list.filter(
    (entry) =>
      entry.secret.endsWith(end) &&
      (also.name === undefined || also.name === entry.name) &&
      (also.sender === undefined || also.sender === entry.sender) &&
      (also.project === undefined || also.project === entry.project),
  );
  const [one, ...more] = found;
  if (!one) throw new Error(`No such secret ends in ${end}: npm run secrets -- list.`);
  if (more.length > 0) {
    throw new Error(
      `${found.length} secrets end in ${end}: ${found.map(titleOf).join(', ')}. Say which, by --name, --sender or --project.`,
    );
  }
  return one;
}

/** The secrets that are known as a sender's: by their name or their binding, without those that have an end. */
export function ofSender(list: SecretList, sender: string): SecretList {
  return list.filter((entry) => !entry.expiresAt && (entry.name === sender || entry.sender === sender));
}

/** A secret as it may be shown: its last four characters. */
export function shown({ secret }: SigningSecret): string {
  return `…${secret.slice(-4)}`;
}

/** A secret and all that is said of it, in a line. */
export function titleOf(entry: SigningSecret): string {
  const parts = [
    entry.name,
    boundTo(entry) && `bound to ${boundTo(entry)}`,
    entry.expiresAt && `until ${entry.expiresAt}`,
  ];
  const more = parts.filter(Boolean).join(', ');
  return more ? `${shown(entry)} (${more})` : shown(entry);
}

/** The list as a table, one line for each secret and one of titles. */
export function tableOf(list: SecretList, now: number): string {
  const rows = list.map((entry) => [
    shown(entry),
    entry.name ?? '',
    boundTo(entry),
    entry.expiresAt ? `${isLive(entry, now) ? 'until' : 'expired'} ${entry.expiresAt}` : 'live',
  ]);
  const table = [['secret', 'name', 'bound to', 'state'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function boundTo({ sender, project }: Binding): string {
  return [sender, project].filter(Boolean).join(' of ');
}

/** Whether two are one entry of the list: the same key with the same binding. */
function isSame(a: SigningSecret, b: SigningSecret): boolean {
  return a.secret === b.secret && a.sender === b.sender && a.project === b.project;
}

function isBare(entry: SigningSecret): boolean {
  return Object.values(entry).filter((value) => value !== undefined).length === 1;
}

/** An entry with its fields in one order, and none that is undefined. */
function ordered({ secret, name, sender, project, expiresAt }: SigningSecret): SigningSecret {
  return {
    secret,
    ...(name === undefined ? {} : { name }),
    // An empty one stays, to be refused: without it the secret would prove everybody's events.
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
