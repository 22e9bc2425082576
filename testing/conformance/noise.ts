import { createHash } from 'node:crypto';

/**
 * Bytes without any order, which no compression makes smaller.
 *
 * @param seed the same bytes come of the same one, so that a failure can be repeated
 */
export function noise(seed: number, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(`${seed}`).digest();
}
