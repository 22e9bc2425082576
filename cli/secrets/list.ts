import { isLive, parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { UsageError } from '../shared/command.ts';
import { describeSecret } from './table.ts';

export type SecretList = readonly SigningSecret[];

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const maxBytes = 65_536;

/**
 * Whether the text is the random one that the stack's secret is created with (lib/receiver/receiver.ts): 64 letters and
 * digits, in plain text. Zavu's secrets do not look like that, as `whsec_` has an underscore, and `serializeList` never
 * writes such a secret as plain text. If in doubt, the text is a secret: to keep a placeholder does no harm, because
 * nobody knows it.
 */
export function isPlaceholder(text: string): boolean {
  return /^[A-Za-z0-9]{64}$/.test(text);
}

/**
 * Reads the secret's text for an edit. The placeholder, expired entries and repeated entries are left out.
 *
 * @param now milliseconds since the epoch
 * @throws MalformedSecret
 */
export function parseList(text: string, now: number): SecretList {
  const live = isPlaceholder(text) ? [] : parseSecrets(text).filter((entry) => isLive(entry, now));
  return [...new Map(live.map((entry) => [JSON.stringify(ordered(entry)), entry])).values()];
}

/**
 * Writes a list: a single secret without other fields as plain text, everything else as JSON.
 *
 * @throws Error if the list is empty, or larger than Secrets Manager takes; MalformedSecret if the receiver would refuse
 *   it: a field is blank, or a secret cannot be right
 */
export function serializeList(list: SecretList): string {
  const [first, ...more] = list.map((entry) => (isBare(entry) ? entry.secret : ordered(entry)));
  if (first === undefined)
    throw new Error(
      'Without any secret every webhook is answered 503. Nothing was changed: add another secret first.',
    );
  const plain = more.length === 0 && typeof first === 'string' && !isPlaceholder(first);
  const text = plain ? first : JSON.stringify([first, ...more]);
  if (Buffer.byteLength(text) > maxBytes) {
    throw new Error(
      'The list is larger than Secrets Manager takes (64 KiB). Remove some secrets: npx zavu-webhooks secrets list.',
    );
  }
  // A list that the receiver would refuse is never stored.
  parseSecrets(text);
  return text;
}

/** Adds an entry. It replaces the entry with the same secret and the same binding, with its name and its end. */
export function addEntry(list: SecretList, entry: SigningSecret): SecretList {
  const index = list.findIndex((present) => isSame(present, entry));
  return index < 0 ? [...list, entry] : list.with(index, entry);
}

/** Removes an entry. */
export function removeEntry(list: SecretList, entry: SigningSecret): SecretList {
  return list.filter((present) => !isSame(present, entry));
}

/**
 * Puts a new entry in the place of old ones.
 *
 * @param expiresAt when the old entries end. @default they are removed at once
 */
export function replaceEntries(
  list: SecretList,
  old: SecretList,
  entry: SigningSecret,
  expiresAt?: string,
): SecretList {
  const kept = list.flatMap((present) => {
    if (!old.some((oldEntry) => isSame(present, oldEntry))) return [present];
    return expiresAt === undefined ? [] : [{ ...present, expiresAt }];
  });
  return addEntry(kept, entry);
}

/**
 * Finds one entry by the last four characters of its secret.
 *
 * @param criteria fields that the entry must have, if several secrets end alike
 * @throws UsageError if these are not four characters; Error if no entry fits, or more than one
 */
export function findByLastFour(
  list: SecretList,
  lastFour: string,
  criteria: Partial<Pick<SigningSecret, 'name' | 'sender' | 'project'>> = {},
): SigningSecret {
  if (lastFour.length !== 4) {
    throw new UsageError(
      'Name a secret by its last four characters: npx zavu-webhooks secrets list shows them.',
    );
  }
  const { name, sender, project } = criteria;
  const found = list.filter(
    (entry) =>
      entry.secret.endsWith(lastFour) &&
      (name === undefined || name === entry.name) &&
      (sender === undefined || sender === entry.sender) &&
      (project === undefined || project === entry.project),
  );
  const [entry, ...others] = found;
  if (!entry)
    throw new Error(`No such secret ends in ${lastFour}: npx zavu-webhooks secrets list shows all.`);
  if (others.length > 0) {
    throw new Error(
      `${found.length} secrets end in ${lastFour}: ${found.map(describeSecret).join('; ')}. Say which, by --name, --sender or --project.`,
    );
  }
  return entry;
}

/** The entries that belong to a sender by their name or by their binding, without those that have an end. */
export function entriesOfSender(list: SecretList, sender: string): SecretList {
  return list.filter((entry) => !entry.expiresAt && (entry.name === sender || entry.sender === sender));
}

/** Whether two entries are the same: the same secret with the same binding. */
function isSame(first: SigningSecret, second: SigningSecret): boolean {
  return first.secret === second.secret && first.sender === second.sender && first.project === second.project;
}

/** Whether an entry has no other field than its secret. */
function isBare(entry: SigningSecret): boolean {
  return Object.values(entry).filter((value) => value !== undefined).length === 1;
}

/** An entry with its fields in one order, and without undefined ones. */
function ordered({ secret, name, sender, project, expiresAt }: SigningSecret): SigningSecret {
  return {
    secret,
    ...(name === undefined ? {} : { name }),
    // An empty binding stays, so that it is refused: without a binding, the secret would prove everybody's events.
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
