import {
  type ParsedSignature,
  readHeader,
  refuse,
  type SignaturePolicy,
  type Verdict,
} from '../zavu/signature.ts';
import { RecentKeys } from './candidates.ts';
import type { SigningSecrets } from './secrets.ts';
import { SignerSearch } from './signer-search.ts';

interface Verifier {
  secrets: SigningSecrets;
  policy: SignaturePolicy;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Creates the function that verifies `X-Zavu-Signature` over the raw bytes of a request: with the cached secrets and,
 * if none of them matches, once more with those that the store has now.
 *
 * Signatures are judged before freshness, so `stale_signature` means "Zavu signed this, too long ago". It is the one
 * refusal that says something about Zavu rather than about a stranger. A header that no secret could prove is refused
 * before the secrets are fetched.
 *
 * @returns a function of the header's value, the bytes as received and a deadline in milliseconds since the epoch. It
 *   throws SecretUnavailable if the secrets cannot be fetched, and Error if there is none, which is this stack's
 *   failure
 */
export function createVerifier({ secrets, policy, now }: Verifier) {
  const recent = new RecentKeys();
  // It has a name for the stacks that are logged.
  return async function verify(header: string | undefined, body: Buffer, deadline: number): Promise<Verdict> {
    const parsed = readHeader(header, policy.accepted);
    if ('problem' in parsed) return parsed;
    if (parsed.scheme !== 'v2' && beginsWithTime(body)) return refuse('invalid_signature', 'v2_text');

    const search = new SignerSearch(parsed, body, recent);
    let found = search.among(await secrets.current(deadline));
    if (!found) {
      const refreshed = await secrets.refreshed(deadline);
      found = refreshed && search.among(refreshed);
    }
    if (!found) return refuse('invalid_signature', search.isOut ? 'too_many_secrets' : 'no_secret_matches');
    return judgeTime(parsed, policy, now()) ?? { ok: true, scheme: parsed.scheme, ...found };
  };
}

/**
 * Whether a body begins like the text that `v2` signs: `{t}.{body}`. Zavu's `v2` MAC is also a valid `v1` or `sha256`
 * MAC of a body that is this text, so a stranger who has captured a request could send it in that form, at any time. No
 * event begins with digits, so such a request is refused as not signed.
 */
function beginsWithTime(body: Buffer): boolean {
  return /^\d{1,12}\./.test(body.toString('latin1', 0, 13));
}

function judgeTime({ scheme, timestamp }: ParsedSignature, policy: SignaturePolicy, now: number) {
  if (scheme === 'sha256') return undefined;
  const age = now / 1000 - Number(timestamp);
  if (age > policy.toleranceSeconds) return refuse('stale_signature', 'too_old');
  if (-age > policy.futureToleranceSeconds) return refuse('stale_signature', 'ahead_of_clock');
  return undefined;
}
