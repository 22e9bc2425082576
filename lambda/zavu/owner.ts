import { createHash } from 'node:crypto';
import type { Envelope } from './envelope.ts';

/**
 * Who an event belongs to: the project and the sender that it declares, in one word. A secret that is bound to one of
 * them proves events of that one alone, and leaves the other half to whoever signs: so it takes both.
 *
 * @returns 32 hex digits; empty where the event declares neither (docs/decisions/0026)
 */
export function ownerOf({ projectId, senderId }: Pick<Envelope, 'projectId' | 'senderId'>): string {
  if (projectId === undefined && senderId === undefined) return '';
  const pair = JSON.stringify([projectId ?? null, senderId ?? null]);
  return createHash('sha256').update(pair).digest('hex').slice(0, 32);
}
