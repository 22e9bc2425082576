import { createHmac } from 'node:crypto';
import type { SenderScheme } from '../../lambda/zavu/sign.ts';

/** HMAC-SHA256 in hex, of parts one after the other. */
export function mac(secret: string, ...parts: (string | Buffer)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHmac('sha256', secret)).digest('hex');
}

/**
 * Signs bytes, whatever they are. `lambda/zavu/sign.ts` signs a text as Zavu does, which for `sha256` must be JSON.
 *
 * @param at seconds since the epoch
 * @returns the value of `X-Zavu-Signature`
 */
export function signBytes(body: Buffer, scheme: SenderScheme, secret: string, at: number): string {
  const [v1, v2] = [`v1=${mac(secret, body)}`, `v2=${mac(secret, `${at}.`, body)}`];
  const values = {
    sha256: `sha256=${mac(secret, body)}`,
    v1: `t=${at},${v1}`,
    v2: `t=${at},${v2}`,
    'v1+v2': `t=${at},${v1},${v2}`,
  };
  return values[scheme];
}
