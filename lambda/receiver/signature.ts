import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningSecret } from './signing-secret.ts';

/** Zavu's signature schemes, weakest first. `sha256` and `v1` sign the body alone, `v2` signs `{t}.{body}`. */
export const schemes = ['sha256', 'v1', 'v2'] as const;
export type Scheme = (typeof schemes)[number];

export interface SignaturePolicy {
  /** Schemes that count. `['v2']` alone cannot be downgraded by stripping `v2` from a captured `v1+v2`. */
  accepted: readonly Scheme[];
  /** How old a signed request may be, in seconds. */
  toleranceSeconds: number;
  /** How far ahead of our clock it may be, in seconds. */
  futureToleranceSeconds: number;
}

export type SignatureProblem =
  | 'missing_signature'
  | 'malformed_signature'
  | 'tool_call_signature'
  | 'invalid_signature'
  | 'stale_signature';

export type Verdict =
  | { ok: true; scheme: Scheme; signed: Buffer; by: readonly SigningSecret[] }
  | { ok: false; problem: SignatureProblem; reason: string };

/**
 * Verifies `X-Zavu-Signature` over the raw bytes of a request.
 *
 * Signatures are judged before freshness, so `stale_signature` means "Zavu signed this, too long ago": the
 * one rejection that says something about Zavu rather than about a stranger.
 *
 * @param header the header's value; API Gateway joins duplicates with a comma
 * @param body the bytes as received
 * @param secrets every live signing secret, used verbatim as UTF-8 keys
 * @param now milliseconds since the epoch
 * @returns the scheme that proved it, the text that it signed, which is not always the body, and every secret
 *   `by` which it is signed, whatever those are bound to: the text is not yet read; or the problem and its
 *   reason (safe to log)
 * @throws Error when there is no secret: nothing could be verified, which is our failure
 */
export function verifySignature(
  header: string | undefined,
  body: Buffer,
  secrets: readonly SigningSecret[],
  policy: SignaturePolicy,
  now: number,
): Verdict {
  if (secrets.length === 0 || secrets.some(({ secret }) => secret === ''))
    throw new Error('No signing secret to verify with.');
  if (!header?.trim()) return reject('missing_signature', 'no_header');

  const parsed = parseHeader(header);
  if ('problem' in parsed) return parsed;

  // The strongest scheme present decides: v1 does not cover `t`, so it must not rescue a failed v2.
  const scheme = schemes.findLast((name) => policy.accepted.includes(name) && parsed.macs[name].length > 0);
  if (!scheme) return reject('invalid_signature', 'scheme_not_accepted');

  const signers = (...input: readonly (Buffer | string)[]) =>
    secrets.filter(({ secret }) => {
      // Once per secret: a stranger's header may hold a hundred MACs, and each hash reads the whole body.
      const expected = hmac(secret, input);
      return parsed.macs[scheme].some((mac) => timingSafeEqual(mac, expected));
    });
  const ofBody = scheme === 'v2' ? signers(`${parsed.timestamp}.`, body) : signers(body);
  const compact = ofBody.length === 0 && scheme === 'sha256' ? compacted(body) : undefined;
  const by = compact ? signers(compact) : ofBody;
  if (by.length === 0) return reject('invalid_signature', 'no_secret_matches');
  if (scheme === 'sha256') return { ok: true, scheme, signed: compact ?? body, by };

  const age = now / 1000 - Number(parsed.timestamp);
  if (age > policy.toleranceSeconds) return reject('stale_signature', 'too_old');
  if (-age > policy.futureToleranceSeconds) return reject('stale_signature', 'ahead_of_clock');
  return { ok: true, scheme, signed: body, by };
}

type Header = { timestamp: string; macs: Record<Scheme, Buffer[]> };

/** Splits the header. Unknown parts are a future scheme's and are passed over. */
function parseHeader(header: string): Header | Extract<Verdict, { ok: false }> {
  // Agent tool calls share the header's name, with a bare hex value.
  if (!header.includes('=')) return reject('tool_call_signature', 'tool_call');

  const timestamps: string[] = [];
  const macs: Record<Scheme, Buffer[]> = { sha256: [], v1: [], v2: [] };
  for (const part of header.split(',')) {
    const [key = '', ...rest] = part.split('=');
    const name = key.trim();
    const value = rest.join('=').trim();
    if (name === 't') timestamps.push(value);
    if (!isScheme(name)) continue;
    if (!/^[0-9a-f]{64}$/.test(value)) return reject('malformed_signature', 'not_lowercase_hex');
    macs[name].push(Buffer.from(value, 'hex'));
  }
  if (schemes.every((name) => macs[name].length === 0))
    return reject('malformed_signature', 'no_known_scheme');

  const [timestamp = ''] = timestamps;
  const timed = macs.v1.length > 0 || macs.v2.length > 0;
  if (timed && (timestamps.length !== 1 || !/^\d{1,12}$/.test(timestamp))) {
    return reject('malformed_signature', 'bad_timestamp');
  }
  return { timestamp, macs };
}

/**
 * The guide signs `JSON.stringify(payload)`. Where a proxy has re-spaced the body, that is the body parsed
 * and written again. Not JSON, or nested too deeply to write: nothing to compare with.
 *
 * Bodies that differ in more than spaces compact to the same text (`1e400` to `null`, `-0` to `0`): the
 * compacted text is what was signed, not the body.
 */
function compacted(body: Buffer): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8'))));
  } catch {
    return undefined;
  }
}

function hmac(secret: string, input: readonly (Buffer | string)[]): Buffer {
  const digest = createHmac('sha256', secret);
  for (const chunk of input) digest.update(chunk);
  return digest.digest();
}

function isScheme(name: string): name is Scheme {
  return schemes.some((scheme) => scheme === name);
}

function reject(problem: SignatureProblem, reason: string): Extract<Verdict, { ok: false }> {
  return { ok: false, problem, reason };
}
