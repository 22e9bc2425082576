import { isRecord, parseJson } from '../shared/json.ts';

/** What the secrets begin with that Zavu issues. https://docs.zavu.dev/guides/webhooks */
export const secretPrefix = 'whsec_';

/** The secret's text is malformed. The log shows the name of this error. */
export class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';

  /** @param problem a sentence that says what is wrong, without quoting the text */
  constructor(problem?: string) {
    super(
      'The signing secret must be one secret as plain text, or a JSON array whose items are a secret or an ' +
        `object with secret, name, sender, project and expiresAt (docs/senders.md).${problem ? ` ${problem}` : ''}`,
    );
  }
}

/** One signing secret of the list, and what it is bound to. */
export interface SigningSecret {
  /** Used verbatim as the key. */
  secret: string;
  /** The name for people and tools. It restricts nothing. */
  name?: string | undefined;
  /** The one sender whose events it proves. */
  sender?: string | undefined;
  /** The one project whose events it proves. */
  project?: string | undefined;
  /** ISO 8601 with its zone: the secret does not count after that moment. */
  expiresAt?: string | undefined;
}

const fields: ReadonlySet<string> = new Set<keyof SigningSecret>([
  'secret',
  'name',
  'sender',
  'project',
  'expiresAt',
]);

/** What `expiresAt` was called in lists that were stored earlier. */
const olderName = 'until';

/**
 * Reads the secret's text: one signing secret, or a JSON array of them if several senders share the URL. White space
 * around a secret is removed, because a newline that was pasted with it is not part of the key.
 *
 * @returns the whole list, expired entries too: see {@link isLive}
 * @throws MalformedSecret if there is no secret, an empty one, another shape, or one that cannot be right, with which
 *   everything that Zavu sends would be refused as forged. The error never quotes the text
 */
export function parseSecrets(text: string): readonly SigningSecret[] {
  const trimmed = text.trim();
  const list: unknown = /^[[{]/.test(trimmed) ? parseJson(trimmed) : [trimmed];
  if (!Array.isArray(list) || list.length === 0) throw new MalformedSecret();
  return list.map((item: unknown, index) => {
    const entry = entryOf(item);
    if (!entry) throw new MalformedSecret();
    const problem = problemOfSecret(entry.secret) ?? problemOfBinding(entry);
    if (problem) throw new MalformedSecret(list.length > 1 ? `Number ${index + 1}: ${problem}` : problem);
    return entry;
  });
}

/**
 * Reads an item of the list. It is strict: a "sendr" must not turn a bound secret into one that is not bound. It uses
 * no schema library, which would be half of what a cold start of the receiver reads (docs/decisions/0020).
 */
function entryOf(item: unknown): SigningSecret | undefined {
  const given = typeof item === 'string' ? { secret: item } : item;
  if (!isRecord(given)) return undefined;
  if (Object.hasOwn(given, olderName) && Object.hasOwn(given, 'expiresAt')) return undefined;
  const texts = Object.entries(given).map(([name, value]) => [
    name === olderName ? 'expiresAt' : name,
    typeof value === 'string' ? value.trim() : '',
  ]);
  if (!texts.every(([name = '', text]) => fields.has(name) && text !== '')) return undefined;
  const { secret, expiresAt, ...bound }: Partial<Record<string, string>> = Object.fromEntries(texts);
  if (secret === undefined || (expiresAt !== undefined && !isMoment(expiresAt))) return undefined;
  return { secret, ...bound, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

const moment =
  /^(?<day>\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a moment: a day of the calendar, a time to the second and a zone. */
function isMoment(text: string): boolean {
  const day = moment.exec(text)?.groups?.day;
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // February 30 is March 2 for Date.parse.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A shorter secret can be guessed from one captured request, or was copied only in part. */
const minLength = 16;

/**
 * Why a text cannot be a signing secret. It finds what shells, editors and chats leave in a text that was copied. Zavu
 * documents no alphabet, so every other printable character passes.
 *
 * @returns a sentence that says what to do, and does not quote the text; undefined if it may be one
 */
export function problemOfSecret(secret: string): string | undefined {
  if (/["'`\\]/.test(secret))
    return 'It has quotes or backslashes in it: store it without them. cmd.exe keeps single quotes.';
  if (/[\s\p{Cc}]/u.test(secret)) return 'It has white space in it: copy it again, in one piece.';
  if (/[^!-~]/.test(secret))
    return 'It has a character outside ASCII in it: copy it from Zavu, not from a text that was formatted.';
  if (/[[\]{}<>,]/.test(secret)) return 'It has brackets or commas in it: several secrets are a JSON array.';
  if (secret.length < minLength)
    return `It has fewer than ${minLength} characters: copy the whole of it, from its first character.`;
  return undefined;
}

/** Why the name or the binding of a secret fits no event, or cannot be shown. */
function problemOfBinding({ name = '', sender = '', project = '' }: SigningSecret): string | undefined {
  // An event's id of more than 256 characters counts as none (lambda/zavu/envelope.ts).
  for (const [field, id] of Object.entries({ sender, project }))
    if (/[\s\p{Cc}"'`\\]/u.test(id) || id.length > 256)
      return `Its ${field} has quotes or white space in it, or more than 256 characters: give the id alone.`;
  return /\p{Cc}/u.test(name) ? 'Its name has a control character in it.' : undefined;
}

/** Whether a secret still counts, at a time in milliseconds since the epoch. */
export function isLive({ expiresAt }: SigningSecret, now: number): boolean {
  return expiresAt === undefined || now <= Date.parse(expiresAt);
}
