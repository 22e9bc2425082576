import type { SigningSecret } from './signing-secret.ts';

/** The header of every webhook that holds its signature, in the lower case in which Lambda gets names. */
export const signatureHeader = 'x-zavu-signature';

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

/** Why a request is not taken. `reason` is from a fixed set of words, safe to log. */
export type Refusal = { ok: false; problem: SignatureProblem; reason: string };

/**
 * What a request proves: by which scheme, which text it signed, which is not always the body, and every secret `by`
 * which it is signed, whatever those are bound to: the text is not yet read.
 */
export type Verdict = { ok: true; scheme: Scheme; signed: Buffer; by: readonly SigningSecret[] } | Refusal;

/** What a header claims: MACs of the scheme that decides, and its time, empty for `sha256`, which has none. */
export type Claim = { scheme: Scheme; timestamp: string; macs: readonly Buffer[] };

/**
 * Reads `X-Zavu-Signature`. The strongest scheme that is there and accepted decides, and parts of others are not looked
 * at: `v1` does not cover `t`, so it must not rescue a `v2` that fails, and an odd `v1` says nothing against a good `v2`.
 *
 * Of several MACs of the scheme that decides, those that can be read count. One that cannot be read proves nothing, as
 * one that matches nothing proves nothing, and a forger gains nothing by adding it.
 *
 * @param header the header's value; API Gateway joins duplicates with a comma
 * @param accepted the schemes that count
 */
export function readHeader(header: string | undefined, accepted: readonly Scheme[]): Claim | Refusal {
  if (!header?.trim()) return refuse('missing_signature', 'no_header');
  // Agent tool calls share the header's name, with a bare hex value.
  if (!header.includes('=')) return refuse('tool_call_signature', 'tool_call');

  const values: Record<Scheme | 't', string[]> = { t: [], sha256: [], v1: [], v2: [] };
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = (at < 0 ? part : part.slice(0, at)).trim();
    if (name === 't' || isScheme(name)) values[name].push(at < 0 ? '' : part.slice(at + 1).trim());
  }
  const present = schemes.filter((name) => values[name].length > 0);
  // Unknown parts are a future scheme's.
  if (present.length === 0) return refuse('malformed_signature', 'no_known_scheme');
  const scheme = present.findLast((name) => accepted.includes(name));
  if (!scheme) return refuse('invalid_signature', 'scheme_not_accepted');

  const macs = [...new Set(values[scheme])].filter((value) => /^[0-9a-f]{64}$/.test(value));
  if (macs.length === 0) return refuse('malformed_signature', 'not_lowercase_hex');
  const [timestamp = '', ...more] = scheme === 'sha256' ? [] : values.t;
  if (scheme !== 'sha256' && (more.length > 0 || !/^\d{1,12}$/.test(timestamp)))
    return refuse('malformed_signature', 'bad_timestamp');
  return { scheme, timestamp, macs: macs.map((value) => Buffer.from(value, 'hex')) };
}

function isScheme(name: string): name is Scheme {
  return schemes.some((scheme) => scheme === name);
}

/** Refuses a request. */
export function refuse(problem: SignatureProblem, reason: string): Refusal {
  return { ok: false, problem, reason };
}
