import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ParsedSignature } from '../zavu/signature.ts';
import type { SigningSecret } from '../zavu/signing-secret.ts';
import { keysInOrder, type RecentKeys } from './candidates.ts';

const mebibyte = 1_048_576;

/**
 * How many bytes are hashed to find out who signed a request. Anybody can send a request, so its cost must not grow
 * with the number of secrets. 128 MiB take 70 ms of a whole processor, or 0.3 s with 512 MB, which give a third of one.
 */
export const maxHashedBytes = 128 * mebibyte;

/**
 * What each hash counts for besides its body, in bytes. A hash of an empty body takes 2.5 µs, as long as 4 KiB of a
 * body. Without it, a small body would be hashed with each key of a list of any length.
 */
const bytesOfEachHash = 4_096;

/** What each MAC of a header after the first counts for, in bytes: it is compared with each hash, in 40 ns. */
const bytesOfEachMac = 64;

/** How many more are hashed for the keys that a refresh of the list brings, which happens every ten seconds at most. */
export const maxHashedBytesOfRefresh = 16 * mebibyte;

/**
 * The largest body that is parsed before it is proved, in bytes. Only `sha256` needs it, for bodies that
 * a proxy has re-spaced. Only Zavu's webhook guide describes that scheme, and its largest sample has 1 KB. 256 KiB take
 * 20 ms at worst.
 */
export const maxCompactedBytes = mebibyte / 4;

/**
 * How many secrets are always tried on a body of so many bytes, whatever they are bound to.
 *
 * @param macs how many MACs of the scheme that decides the header has
 */
export function alwaysTried(bodyBytes: number, macs = 1): number {
  // `v2` signs a time of at most 12 digits and a dot before the body.
  return Math.floor(maxHashedBytes / (bytesBesides(macs) + bodyBytes + 13));
}

/** What one hash counts for besides its body, in bytes. */
function bytesBesides(macs: number): number {
  return bytesOfEachHash + (macs - 1) * bytesOfEachMac;
}

/** Which bytes were signed, and by which secrets, whatever those are bound to. */
type FoundSigners = { signed: Buffer; by: readonly SigningSecret[] };

/** Finds out who signed one request. Its cost is bounded for any number of secrets and any size of the body. */
export class SignerSearch {
  readonly #parsed: ParsedSignature;
  readonly #body: Buffer;
  readonly #recent: RecentKeys;
  readonly #seen = new Set<string>();
  #left = maxHashedBytes;
  #isOut = false;
  #compact: Buffer | undefined;
  #isCompacted = false;

  constructor(parsed: ParsedSignature, body: Buffer, recent: RecentKeys) {
    this.#parsed = parsed;
    this.#body = body;
    this.#recent = recent;
  }

  /** Whether there were more secrets than could be tried. */
  get isOut(): boolean {
    return this.#isOut;
  }

  /**
   * Tries secrets, each key once. Called again with a list that was fetched anew, it tries only the new ones.
   *
   * @returns undefined if none of the secrets that were tried has signed the body
   * @throws Error if there is no secret: nothing could be verified, which is this stack's failure
   */
  among(secrets: readonly SigningSecret[]): FoundSigners | undefined {
    if (secrets.length === 0 || secrets.some(({ secret }) => secret === ''))
      throw new Error('No signing secret to verify with.');
    if (this.#seen.size > 0) this.#left += maxHashedBytesOfRefresh;
    const unseen = secrets.filter(({ secret }) => !this.#seen.has(secret));
    for (const { secret } of unseen) this.#seen.add(secret);
    const keys = keysInOrder(unseen, this.#body, this.#recent);

    const { scheme, timestamp } = this.#parsed;
    const bodySigners = this.#signers(keys, scheme === 'v2' ? [`${timestamp}.`, this.#body] : [this.#body]);
    const compact = scheme === 'sha256' && bodySigners.size === 0 ? this.#compacted() : undefined;
    const signers = compact ? this.#signers(keys, [compact]) : bodySigners;
    if (signers.size === 0) return undefined;
    for (const key of signers) this.#recent.note(key);
    return { signed: compact ?? this.#body, by: secrets.filter(({ secret }) => signers.has(secret)) };
  }

  /** The keys that signed an input. The search ends when each MAC has its key, or no more bytes may be hashed. */
  #signers(keys: readonly string[], input: readonly (Buffer | string)[]): ReadonlySet<string> {
    const { macs } = this.#parsed;
    const bytes = input.reduce((sum, chunk) => sum + chunk.length, bytesBesides(macs.length));
    const found = new Set<string>();
    for (const key of keys) {
      if (found.size === macs.length) break;
      if (bytes > this.#left) {
        this.#isOut = true;
        break;
      }
      this.#left -= bytes;
      // One hash for each key: a stranger's header may hold a hundred MACs, and each hash reads the whole body.
      const expected = hmac(key, input);
      if (macs.some((mac) => timingSafeEqual(mac, expected))) found.add(key);
    }
    return found;
  }

  /**
   * Zavu's webhook guide signs `JSON.stringify(payload)`. If a proxy has re-spaced the body, that is the body parsed
   * and written again. It is undefined if that is the body itself, or if the body is not JSON, is too large, or is
   * nested too deeply to be written.
   *
   * Bodies that differ in more than spaces may give the same text (`1e400` gives `null`, `-0` gives `0`). So the
   * compacted text counts as what was signed, and not the body.
   */
  #compacted(): Buffer | undefined {
    if (!this.#isCompacted && this.#body.length <= maxCompactedBytes) this.#compact = compactOf(this.#body);
    this.#isCompacted = true;
    return this.#compact;
  }
}

function compactOf(body: Buffer): Buffer | undefined {
  try {
    const compact = Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8'))));
    return compact.equals(body) ? undefined : compact;
  } catch {
    return undefined;
  }
}

/**
 * The key is a string: a `Buffer` takes eight times as long, and a `KeyObject` is no faster. The digest comes as a text:
 * a `Buffer` that Node makes for it takes memory of its own, and one that is made of a text does not
 * (docs/decisions/0020).
 */
function hmac(key: string, input: readonly (Buffer | string)[]): Buffer {
  const digest = createHmac('sha256', key);
  for (const chunk of input) digest.update(chunk);
  return Buffer.from(digest.digest('binary'), 'binary');
}
