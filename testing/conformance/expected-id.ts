import { createHash } from 'node:crypto';
import type { Sent } from './witness.ts';

/** The id by which an event is known: its own, or its text's if it has none that can be used. */
export function idOf({ id }: Sent, text: string): string {
  if (typeof id === 'string' && /^[!-~]{1,200}$/.test(id)) return id;
  return Number.isSafeInteger(id) ? String(id) : digest(ascii(text));
}

/** The id of what has none. */
export const digest = (what: string | Buffer): string =>
  `sha256:${createHash('sha256').update(what).digest('hex')}`;

/** JSON as a queue holds it. */
export const ascii = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
