import { createHash } from 'node:crypto';
import type { Request } from '../../lambda/receiver/handler.ts';
import { parseJson } from '../../lambda/shared/json.ts';

export interface Terms {
  /** Keys, and the senders and projects whose events they may prove. */
  secrets: readonly { secret: string; sender?: string | undefined; project?: string | undefined }[];
  accepted: readonly string[];
  /** Seconds since the epoch. */
  now: number;
  maxEventBytes: number;
}

/** The bytes of a request's body. */
export function bytesOf({ body, isBase64Encoded }: Request): Buffer {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64') : Buffer.from(body ?? '', 'utf8');
}

/** What a request must be answered, and the text that was signed where it must be taken. */
export type Judgement = { signed: string } | { problem: string };

/**
 * Judges a request as Zavu's contract does, apart from the receiver: with another way to read the header, and
 * with RFC 2104 for the HMAC.
 */
export function judge(request: Request, terms: Terms): Judgement {
  const bytes = bytesOf(request);
  if (bytes.length > terms.maxEventBytes) return { problem: 'payload_too_large' };
  const proof = judgeSignature(request.headers?.['x-zavu-signature'] ?? '', bytes, terms);
  if ('problem' in proof) return proof;

  const signed = proof.signed.toString('utf8').replace(/^\ufeff/, '');
  const json = parseJson(signed);
  if (json === undefined) return { problem: 'invalid_json' };
  if (!isEvent(json)) return { problem: 'invalid_event' };
  const { senderId, projectId } = Object(json) as Record<string, unknown>;
  const mayProve = terms.secrets.filter(
    ({ sender = senderId, project = projectId }) => sender === senderId && project === projectId,
  );
  if (!mayProve.some(({ secret }) => proof.keys.includes(secret))) return { problem: 'invalid_signature' };
  const escaped = signed.replace(/[^\t\n\r -~]/g, '\\u0000');
  return escaped.length > terms.maxEventBytes ? { problem: 'payload_too_large' } : { signed };
}

function judgeSignature(
  header: string,
  bytes: Buffer,
  { secrets, accepted, now }: Terms,
): { signed: Buffer; keys: string[] } | { problem: string } {
  if (/^\s*$/.test(header)) return { problem: 'missing_signature' };
  if (!header.includes('=')) return { problem: 'tool_call_signature' };

  const parts = header
    .split(',')
    .map((part) => /^\s*(?<name>t|v1|v2|sha256)\s*(?:=\s*(?<value>.*?)\s*)?$/s.exec(part)?.groups);
  const valuesOf = (name: string) => parts.flatMap((part) => (part?.name === name ? [part.value ?? ''] : []));
  const macsOf = (name: string) =>
    valuesOf(name).filter((mac) => mac.length === 64 && !/[^0-9a-f]/.test(mac));
  const present = ['v2', 'v1', 'sha256'].filter((name) => valuesOf(name).length > 0);
  if (present.length === 0) return { problem: 'malformed_signature' };
  const strongest = present.find((name) => accepted.includes(name));
  if (!strongest) return { problem: 'invalid_signature' };
  const [time = '', ...moreTimes] = valuesOf('t');
  const isTimed = /^\d{1,12}$/.test(time) && moreTimes.length === 0;
  if (macsOf(strongest).length === 0 || (strongest !== 'sha256' && !isTimed))
    return { problem: 'malformed_signature' };
  // What v2 signs is nobody's body.
  if (strongest !== 'v2' && /^\d{1,12}\./.test(bytes.toString('latin1')))
    return { problem: 'invalid_signature' };

  const keysOf = (message: Buffer) =>
    secrets
      .map(({ secret }) => secret)
      .filter((secret) => valuesOf(strongest).includes(hmac(secret, message)));
  if (strongest === 'sha256') {
    const json = parseJson(bytes.toString('utf8'));
    const compact = Buffer.from(json === undefined ? bytes : JSON.stringify(json));
    // The body itself where it was signed: it may say more than its compact text, a repeated key for one.
    const signed = [bytes, compact].find((text) => keysOf(text).length > 0);
    return signed ? { signed, keys: keysOf(signed) } : { problem: 'invalid_signature' };
  }
  const keys = keysOf(strongest === 'v2' ? Buffer.concat([Buffer.from(`${time}.`), bytes]) : bytes);
  if (keys.length === 0) return { problem: 'invalid_signature' };
  const age = now - Number(time);
  return age <= 300 && age >= -60 ? { signed: bytes, keys } : { problem: 'stale_signature' };
}

/** Whether JSON is an event: what the contract's envelope asks for. */
function isEvent(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const own = new Map(Object.entries(json));
  const nonEmpty = (name: string) => typeof own.get(name) === 'string' && own.get(name) !== '';
  const textOrNone = (name: string) =>
    [undefined, null].includes(own.get(name)) || typeof own.get(name) === 'string';
  const data = own.get('data');
  return (
    nonEmpty('id') &&
    nonEmpty('type') &&
    Number.isFinite(own.get('timestamp')) &&
    textOrNone('projectId') &&
    textOrNone('senderId') &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data)
  );
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
