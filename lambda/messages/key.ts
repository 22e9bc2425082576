import { createHash } from 'node:crypto';
import type { Envelope } from '../zavu/envelope.ts';

/** The key of an item: what it is about, and who says so. */
export interface ItemKey {
  /** `message#<messageId>` or `template#<templateId>`: the partition key. */
  id: string;
  /** {@link sortKeyOf} the events. */
  owner: string;
}

/** Why an event has no item. */
export type KeyProblem = 'id_missing' | 'id_malformed' | 'id_too_long';

/**
 * A partition key has at most 2,048 bytes, a sort key 1,024, and neither may be empty.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const longestId = 2_000;
const longestOwner = 1_024;

/** Printable ASCII without blanks. Whatever else stands in an id's place may be a text, which a key would keep. */
const idPattern = /^[!-~]+$/;

/**
 * The key of the item that an event is recorded in.
 *
 * @param id the event's `messageId` or `templateId`; a whole number counts as its string
 * @returns the key, or the problem where no item can have such an id
 */
export function itemKey(
  kind: 'message' | 'template',
  id: unknown,
  event: Pick<Envelope, 'projectId' | 'senderId'>,
): ItemKey | { problem: KeyProblem } {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  if (text === undefined || text === null || text === '') return { problem: 'id_missing' };
  if (typeof text !== 'string') return { problem: 'id_malformed' };
  if (text.length > longestId) return { problem: 'id_too_long' };
  if (!idPattern.test(text)) return { problem: 'id_malformed' };
  return { id: `${kind}#${text}`, owner: sortKeyOf(event) };
}

/**
 * Who an event says it belongs to, as a sort key: `<projectId>#<senderId>`, each empty where it is absent and
 * escaped as in a URL, so that no other pair reads the same. A pair that is too long for a key, or no Unicode, is
 * `sha256:` and the digest of its JSON. It is for people to query by, which a claim's owner (owner.ts) is not.
 */
export function sortKeyOf({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  const pair = [projectId, senderId].map((id) => (typeof id === 'string' ? id : ''));
  if (pair.every((id) => id.length < longestOwner && id.isWellFormed())) {
    const readable = pair.map(encodeURIComponent).join('#');
    if (readable.length <= longestOwner) return readable;
  }
  return `sha256:${createHash('sha256').update(JSON.stringify(pair)).digest('hex')}`;
}
