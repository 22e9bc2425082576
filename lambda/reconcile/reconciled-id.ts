import { createHash } from 'node:crypto';
import type { Subject } from '../messages/subject.ts';

/** As long as an event's id may be (lambda/zavu/envelope.ts). */
const maxLength = 200;

/**
 * The id of a rebuilt event: the same each time that an event is rebuilt of the same state, so that it is handled once.
 *
 * @returns `reconciled:<kind>:<id>:<state>`; `reconciled:sha256:<hex>` if that is too long, has characters that no event's
 *   id has, or could be another subject's
 */
export function reconciledId({ kind, id, state }: Subject): string {
  const readable = `reconciled:${kind}:${id}:${state}`;
  const isOne = /^[\x21-\x7e]+$/.test(readable) && readable.length <= maxLength && !state.includes(':');
  if (isOne) return readable;
  return `reconciled:sha256:${createHash('sha256')
    .update(JSON.stringify([kind, id, state]))
    .digest('hex')}`;
}
