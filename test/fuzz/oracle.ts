import type { Request } from '../../lambda/receiver/handler.ts';
import { routes } from '../support/handlers.ts';
import { encodingOf } from './packing.ts';
import { judgeSignature } from './proof.ts';
import { type Reading, readAgain } from './reading.ts';

interface Secret {
  secret: string;
  sender?: string | undefined;
  project?: string | undefined;
}

interface Terms {
  /** Keys, and the senders and projects whose events they may prove. */
  secrets: readonly Secret[];
  accepted: readonly string[];
  /** Seconds since the epoch. */
  now: number;
  maxEventBytes: number;
  /** Infinity where events may have any age. */
  maxEventAgeSeconds: number;
  hasCanary: boolean;
}

/** What must become of a request that is taken. */
export interface Taken {
  /** The bytes that were signed. */
  signed: Buffer;
  /** Undefined where no type can be read. */
  reading: Reading | undefined;
  /** A worker, or `unrouted`. */
  to: string;
  /** The message attributes. */
  attributes: Record<string, string>;
}

/** The bytes of a request's body. */
export function bytesOf({ body, isBase64Encoded }: Request): Buffer {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64') : Buffer.from(body ?? '', 'utf8');
}

/**
 * Judges a request as Zavu's contract does, apart from the receiver: with another way to read the header and the event,
 * and with RFC 2104 for the HMAC. What is proved is refused for being another's, too old or too large, and never for
 * its shape.
 */
export function judge(request: Request, terms: Terms): Taken | { problem: string } {
  const proof = judgeSignature(request.headers?.['x-zavu-signature'] ?? '', bytesOf(request), terms);
  if ('problem' in proof) return proof;
  const { signed, scheme } = proof;
  const signers = terms.secrets.filter(({ secret }) => proof.keys.includes(secret));
  const now = terms.now * 1000;
  const reading = readAgain(signed.toString(), now);
  const disposition = reading
    ? dispositionOf(reading, scheme, signers, terms)
    : { to: 'unrouted', reason: 'unreadable' };
  if ('problem' in disposition) return disposition;

  const { to, reason } = disposition;
  // For whoever can read it later: it is proved by then at the latest.
  const boundTo =
    reason && signers.every((one) => one.sender || one.project)
      ? JSON.stringify(signers.map(({ secret: _, ...ends }) => definedOf(ends)))
      : '';
  // Both are in one message, which has room for 1 KB of what it is bound to.
  const left = terms.maxEventBytes - Math.max(0, boundTo.length - 1_024);
  const packing = encodingOf(signed, reading !== undefined, left);
  if (!packing) return { problem: 'payload_too_large' };
  const attributes = definedOf({
    reason,
    encoding: packing.encoding,
    receivedAt: reason || reading?.time === undefined ? `${now}` : undefined,
    boundTo: boundTo || undefined,
  });
  return { signed, reading, to, attributes };
}

type Disposition = { to: string; reason?: string };

function dispositionOf(
  { type, data, project, sender, time }: Reading,
  scheme: string,
  signers: readonly Secret[],
  { now, maxEventAgeSeconds, hasCanary }: Terms,
): Disposition | { problem: string } {
  const unrouted = (reason: string): Disposition => ({ to: 'unrouted', reason });
  const agree = (bound?: string, said?: string) => !bound || !said || bound === said;
  const possible = signers.filter((one) => agree(one.sender, sender) && agree(one.project, project));
  if (possible.length === 0) return { problem: 'invalid_signature' };
  if (!possible.some((one) => (!one.sender || sender) && (!one.project || project)))
    return unrouted('owner_unknown');
  if (maxEventAgeSeconds < Number.POSITIVE_INFINITY) {
    // What v2 signs has a time of its own, which was judged.
    if (time === undefined && scheme !== 'v2') return unrouted('age_unknown');
    if (time !== undefined && time < (now - maxEventAgeSeconds) * 1000) return { problem: 'stale_event' };
  }
  const route = routes.workers.find((name) => routes.typesOf(name).includes(type));
  const asked = new Map(Object.entries(data)).get('worker');
  const canary = routes.workers.find((name) => name === asked && type === 'zavu-webhooks.canary');
  const worker = route ?? (hasCanary ? canary : undefined);
  return worker ? { to: worker } : unrouted('unknown_type');
}

function definedOf(fields: Record<string, string | undefined>): Record<string, string> {
  return JSON.parse(JSON.stringify(fields));
}
