import { createHash } from 'node:crypto';
import type { Envelope } from '../zavu/envelope.ts';

/** The key of an item: what it is about, and whose event says so. */
export interface ItemKey {
  /** The partition key: `<kind>#<id>`, such as `message#k57msg789xyz`. */
  id: string;
  /** {@link sortKeyOf} the events. */
  owner: string;
}

/** What an item may be about. */
export const itemKinds = ['message', 'template', 'call', 'invitation', 'conversation', 'broadcast'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** Why an event has no item. */
type KeyProblem = 'id_missing' | 'id_malformed' | 'id_too_long';

/**
 * A partition key has at most 2,048 bytes, a sort key 1,024, and neither may be empty.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const maxIdLength = 2_000;
const maxOwnerLength = 1_024;

/**
 * Printable ASCII without blanks. Anything else in an id's place may be a text, which would then be stored in a key.
 */
const idPattern = /^[!-~]+$/;

/**
 * The key of the item that an event is recorded in.
 *
 * @param id the event's `messageId`, `templateId` or the like; a whole number counts as its string
 * @returns the key, or the problem if no item can have such an id
 */
export function itemKey(
  kind: ItemKind,
  id: unknown,
  event: Pick<Envelope, 'projectId' | 'senderId'>,
): ItemKey | { problem: KeyProblem } {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  if (text === undefined || text === null || text === '') return { problem: 'id_missing' };
  if (typeof text !== 'string') return { problem: 'id_malformed' };
  if (text.length > maxIdLength) return { problem: 'id_too_long' };
  if (!idPattern.test(text)) return { problem: 'id_malformed' };
  return { id: `${kind}#${text}`, owner: sortKeyOf(event) };
}

/**
 * Whose an event says it is, as a sort key: `<projectId>#<senderId>`. Each is empty if it is absent, and escaped as in
 * a URL, so that two pairs never have the same key. If a pair is too long for a key or not well-formed Unicode, the key
 * is `sha256:` and the digest of its JSON. People query by this key, which they cannot by the owner in a claim
 * (owner.ts).
 */
export function sortKeyOf({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  const pair = [projectId, senderId].map((id) => (typeof id === 'string' ? id : ''));
  if (pair.every((id) => id.length < maxOwnerLength && id.isWellFormed())) {
    const readable = pair.map(encodeURIComponent).join('#');
    if (readable.length <= maxOwnerLength) return readable;
  }
  return `sha256:${createHash('sha256').update(JSON.stringify(pair)).digest('hex')}`;
}
