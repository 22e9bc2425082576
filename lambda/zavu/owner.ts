import { createHash } from 'node:crypto';
import type { Envelope } from './envelope.ts';

/**
 * Whose an event is: the project and the sender that it names, in one word. It takes both, because a secret that is
 * bound to one of them proves nothing about the other one, which the signer can choose.
 *
 * @returns 32 hex digits; empty if the event names neither (docs/decisions/0026)
 */
export function ownerOf({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  if (projectId === undefined && senderId === undefined) return '';
  const pair = JSON.stringify([projectId ?? null, senderId ?? null]);
  return createHash('sha256').update(pair).digest('hex').slice(0, 32);
}
