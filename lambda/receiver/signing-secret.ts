import * as z from 'zod/mini';
import { parseJson } from '../shared/json.ts';

/** The secret's text is not what it must be. Its name is what the log shows. */
export class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';
  override readonly message =
    'The signing secret must be one secret as plain text, or a JSON array whose items are a secret or an ' +
    'object with secret, name, sender, project and until (docs/senders.md).';
}

const filled = z.string().check(z.trim(), z.minLength(1));

// Strict: a "sendr" must not turn a bound secret into one that is not.
const entrySchema = z.strictObject({
  /** Used verbatim as the key. */
  secret: filled,
  /** What people and tools call it. Enforced nowhere. */
  name: z.optional(filled),
  /** The one sender whose events it proves. */
  sender: z.optional(filled),
  /** The one project whose events it proves. */
  project: z.optional(filled),
  /** ISO 8601 with its zone: after that moment it counts no more. */
  until: z.optional(z.iso.datetime({ offset: true })),
});
const listSchema = z.array(z.union([filled, entrySchema])).check(z.minLength(1));

/** One signing secret of the list, and what it is bound to. */
export type SigningSecret = z.infer<typeof entrySchema>;

/**
 * Reads the secret's text: one signing secret, or a JSON array of them where several senders share the URL.
 * Surrounding white space goes: a newline pasted with a secret is nobody's key.
 *
 * @returns the whole list, expired entries too: see {@link isLive}
 * @throws MalformedSecret when there is none, an empty one, or another shape; it never quotes the text
 */
export function parseSecrets(text: string): readonly SigningSecret[] {
  const trimmed = text.trim();
  const list = listSchema.safeParse(/^[[{]/.test(trimmed) ? parseJson(trimmed) : [trimmed]);
  if (!list.success) throw new MalformedSecret();
  return list.data.map((item) => (typeof item === 'string' ? { secret: item } : item));
}

/** Whether a secret still counts, at a time in milliseconds since the epoch. */
export function isLive({ until }: SigningSecret, now: number): boolean {
  return until === undefined || now <= Date.parse(until);
}
