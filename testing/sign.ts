import { type SenderScheme, sign as signatureOf } from '../lambda/zavu/sign.ts';
import { signatureHeader } from '../lambda/zavu/signature.ts';

export interface SignOptions {
  /**
   * How the sender signs.
   *
   * @default 'v2'
   */
  scheme?: SenderScheme;
  /**
   * When it is signed. `sha256` has no time.
   *
   * @default now
   */
  at?: Date;
}

/**
 * The headers of a request that Zavu signed.
 *
 * @param body the text that will be posted, as it stands
 * @param secret the signing secret, its prefix included
 *
 * @example await fetch(url, { method: 'POST', body, headers: sign(body, secret) });
 *
 * @throws SyntaxError if the scheme is `sha256`, which signs JSON, and the body is none
 */
export function sign(body: string, secret: string, options: SignOptions = {}): Record<string, string> {
  const { scheme = 'v2', at = new Date() } = options;
  return {
    'content-type': 'application/json',
    [signatureHeader]: signatureOf(body, secret, scheme, Math.floor(at.getTime() / 1000)),
  };
}
