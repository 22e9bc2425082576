import { createHash } from 'node:crypto';
import type { Request } from '../../lambda/receiver/handler.ts';
import { parseJson } from '../../lambda/shared/json.ts';

export interface Terms {
  secrets: readonly string[];
  accepted: readonly string[];
  /** Seconds since the epoch. */
  now: number;
}

/** The bytes of a request's body. */
export function bytesOf({ body, isBase64Encoded }: Request): Buffer {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64') : Buffer.from(body ?? '', 'utf8');
}

/** The JSON of a body; undefined where it is none. */
export function jsonOf(bytes: Buffer): unknown {
  return parseJson(bytes.toString('utf8').replace(/^\ufeff/, ''));
}

/**
 * Whether a request proves that it comes from a holder of a secret, and lately. Written from Zavu's contract,
 * apart from the receiver: with another way to read the header, and with RFC 2104 for the HMAC.
 */
export function proves(request: Request, { secrets, accepted, now }: Terms): boolean {
  const bytes = bytesOf(request);
  const header = request.headers?.['x-zavu-signature'] ?? '';
  const valuesOf = (name: string) =>
    [...header.matchAll(/(?<=^|,)\s*([^=,]*?)\s*=\s*([^,]*?)\s*(?=,|$)/g)].flatMap(([, key, value = '']) =>
      key === name ? [value] : [],
    );
  const signs = (name: string, message: Buffer) =>
    secrets.some((secret) => valuesOf(name).includes(hmac(secret, message)));

  const [time = '', ...moreTimes] = valuesOf('t');
  const age = now - Number(time);
  const fresh = /^\d+$/.test(time) && moreTimes.length === 0 && age <= 300 && age >= -60;
  const strongest = ['v2', 'v1', 'sha256'].find(
    (name) => accepted.includes(name) && valuesOf(name).length > 0,
  );
  switch (strongest) {
    case 'v2':
      return fresh && signs('v2', Buffer.concat([Buffer.from(`${time}.`), bytes]));
    case 'v1':
      return fresh && signs('v1', bytes);
    case 'sha256': {
      const json = parseJson(bytes.toString('utf8'));
      return (
        signs('sha256', bytes) || (json !== undefined && signs('sha256', Buffer.from(JSON.stringify(json))))
      );
    }
    default:
      return false;
  }
}

/** Whether JSON is an event: what the contract's envelope asks for. */
export function isEvent(json: unknown): json is { id: string; type: string; projectId?: string } {
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
