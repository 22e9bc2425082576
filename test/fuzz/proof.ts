import { createHash } from 'node:crypto';
import { parseJson } from '../../lambda/shared/json.ts';

/** What decides about a signature: secrets, schemes that count, and the time in seconds since the epoch. */
interface SignatureTerms {
  secrets: readonly { secret: string }[];
  accepted: readonly string[];
  now: number;
}

/** What a signature proves: which bytes were signed, with which keys and by which scheme. */
interface JudgedProof {
  signed: Buffer;
  keys: string[];
  scheme: string;
}

/** Judges a header as Zavu's contract does, in another way than the receiver. */
export function judgeSignature(
  header: string,
  bytes: Buffer,
  { secrets, accepted, now }: SignatureTerms,
): JudgedProof | { problem: string } {
  if (/^\s*$/.test(header)) return { problem: 'missing_signature' };
  const bare = header.trim();
  if (bare.length === 64 && !/[^0-9a-fA-F]/.test(bare)) return { problem: 'tool_call_signature' };

  const parts = header
    .split(',')
    .map((part) => /^\s*(?<name>t|v1|v2|sha256)\s*(?:=\s*(?<value>.*?)\s*)?$/s.exec(part)?.groups);
  const valuesOf = (name: string) => parts.flatMap((part) => (part?.name === name ? [part.value ?? ''] : []));
  const macsOf = (name: string) =>
    valuesOf(name).filter((mac) => mac.length === 64 && !/[^0-9a-f]/.test(mac));
  const present = ['v2', 'v1', 'sha256'].filter((name) => valuesOf(name).length > 0);
  if (present.length === 0) return { problem: 'malformed_signature' };
  // It decides alone: nothing that is weaker counts for or against it.
  const scheme = present.find((name) => accepted.includes(name));
  if (!scheme) return { problem: 'invalid_signature' };
  const [time = '', ...moreTimes] = valuesOf('t');
  const isTimed = /^\d{1,12}$/.test(time) && moreTimes.length === 0;
  if (macsOf(scheme).length === 0 || (scheme !== 'sha256' && !isTimed))
    return { problem: 'malformed_signature' };
  if (scheme !== 'v2' && isTextOfV2(bytes)) return { problem: 'invalid_signature' };

  const keysOf = (message: Buffer) =>
    secrets.map(({ secret }) => secret).filter((secret) => macsOf(scheme).includes(hmac(secret, message)));
  if (scheme === 'sha256') {
    const json = parseJson(bytes.toString('utf8'));
    const compact = Buffer.from(json === undefined ? bytes : JSON.stringify(json));
    // The body itself where it was signed: it may say more than its compact text, a repeated key for one.
    const signed = [bytes, compact].find((text) => keysOf(text).length > 0);
    return signed ? { signed, keys: keysOf(signed), scheme } : { problem: 'invalid_signature' };
  }
  const keys = keysOf(scheme === 'v2' ? Buffer.concat([Buffer.from(`${time}.`), bytes]) : bytes);
  if (keys.length === 0) return { problem: 'invalid_signature' };
  const age = now - Number(time);
  return age <= 300 && age >= -60 ? { signed: bytes, keys, scheme } : { problem: 'stale_signature' };
}

/** What v2 signs is nobody's body: as one it would be signed by v1 and sha256, for whoever holds a captured request. */
export function isTextOfV2(bytes: Buffer): boolean {
  return /^\d{1,12}\./.test(bytes.toString('latin1'));
}

/** @see https://www.rfc-editor.org/rfc/rfc2104 */
function hmac(secret: string, message: Buffer): string {
  const key = Buffer.alloc(64);
  Buffer.from(secret).copy(key);
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const inner = sha256(
    key.map((byte) => byte ^ 0x36),
    message,
  );
  return sha256(
    key.map((byte) => byte ^ 0x5c),
    inner,
  ).toString('hex');
}
