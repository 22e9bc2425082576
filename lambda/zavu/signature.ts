import type { SigningSecret } from './signing-secret.ts';

/** The header of every webhook that holds its signature, in the lower case in which Lambda gets names. */
export const signatureHeader = 'x-zavu-signature';

/** Zavu's signature schemes, weakest first. `sha256` and `v1` sign the body alone, `v2` signs `{t}.{body}`. */
export const schemes = ['sha256', 'v1', 'v2'] as const;
export type Scheme = (typeof schemes)[number];

export interface SignaturePolicy {
  /**
   * Schemes that count. With `['v2']` alone, a captured `v1+v2` request is refused if a stranger has removed its `v2`.
   */
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

/** Why a request is not taken. `reason` is a word of a fixed set, which is safe to log. */
type Refusal = { ok: false; problem: SignatureProblem; reason: string };

/**
 * What a request proves: the scheme, the bytes that were signed (not always the whole body as it came), and each secret
 * `by` which they were signed. What those secrets are bound to is not judged here, because the event is not read yet.
 */
export type Verdict = { ok: true; scheme: Scheme; signed: Buffer; by: readonly SigningSecret[] } | Refusal;

/**
 * What a header says, which is not verified yet: the scheme that decides, its MACs, and its time, which is empty for
 * `sha256`.
 */
export type ParsedSignature = { scheme: Scheme; timestamp: string; macs: readonly Buffer[] };

/**
 * Reads `X-Zavu-Signature`. The strongest scheme that is present and accepted decides, and the parts of the others are
 * ignored: `v1` does not cover `t`, so it must not rescue a `v2` that fails, and a malformed `v1` says nothing against
 * a good `v2`.
 *
 * If the scheme that decides has several MACs, those that can be read count. One that cannot be read proves nothing,
 * like one that matches no secret, so a forger gains nothing by adding it.
 *
 * @param header the header's value; API Gateway joins duplicates with a comma
 * @param accepted the schemes that count
 */
export function readHeader(
  header: string | undefined,
  accepted: readonly Scheme[],
): ParsedSignature | Refusal {
  if (!header?.trim()) return refuse('missing_signature', 'no_header');
  // Zavu's agent tool calls have the same header, with a bare hex value.
  if (/^[0-9a-f]{64}$/i.test(header.trim())) return refuse('tool_call_signature', 'tool_call');

  const values: Record<Scheme | 't', string[]> = { t: [], sha256: [], v1: [], v2: [] };
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = (at < 0 ? part : part.slice(0, at)).trim();
    if (name === 't' || isScheme(name)) values[name].push(at < 0 ? '' : part.slice(at + 1).trim());
  }
  const isPresent = (name: Scheme) => values[name].length > 0;
  const scheme = schemes.findLast((name) => isPresent(name) && accepted.includes(name));
  if (!scheme) {
    if (schemes.some(isPresent)) return refuse('invalid_signature', 'scheme_not_accepted');
    // Unknown parts may belong to a future scheme.
    return refuse('malformed_signature', 'no_known_scheme');
  }

  const macs: Buffer[] = [];
  for (const value of new Set(values[scheme]))
    if (/^[0-9a-f]{64}$/.test(value)) macs.push(Buffer.from(value, 'hex'));
  if (macs.length === 0) return refuse('malformed_signature', 'not_lowercase_hex');
  const timestamp = (scheme !== 'sha256' && values.t[0]) || '';
  if (scheme !== 'sha256' && (values.t.length > 1 || !/^\d{1,12}$/.test(timestamp)))
    return refuse('malformed_signature', 'bad_timestamp');
  return { scheme, timestamp, macs };
}

function isScheme(name: string): name is Scheme {
  return schemes.some((scheme) => scheme === name);
}

/** The refusal of a request. */
export function refuse(problem: SignatureProblem, reason: string): Refusal {
  return { ok: false, problem, reason };
}
