import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Claim } from '../zavu/signature.ts';
import type { SigningSecret } from '../zavu/signing-secret.ts';
import { keysInOrder, type RecentKeys } from './candidates.ts';

const mebibyte = 1_048_576;

/**
 * How many bytes are hashed to find out who signed a request. Anybody can send one, so that it must not cost more
 * for each secret that is stored: 128 MiB take 70 ms of a processor, 0.3 s of the third of one that 512 MB have.
 */
export const maxHashedBytes = 128 * mebibyte;

/** As many more for the keys that a refresh of the list brings, which happens every ten seconds at most. */
export const maxHashedBytesOfRefresh = 16 * mebibyte;

/**
 * The largest body that is parsed before it is proved, in bytes. Only `sha256` needs it, which the guide alone describes,
 * for bodies that a proxy has re-spaced; its largest sample is 1 KB. 256 KiB take 20 ms at worst.
 */
export const maxCompactedBytes = mebibyte / 4;

/** With how many secrets a body of so many bytes is always tried, whatever they are bound to. */
export function alwaysTried(bodyBytes: number): number {
  // `v2` signs a time of at most 12 digits and a dot before the body.
  return Math.floor(maxHashedBytes / (bodyBytes + 13));
}

/** What was signed, and by which secrets, whatever those are bound to. */
export type Found = { signed: Buffer; by: readonly SigningSecret[] };

/** Finds out who signed one request. What it costs is bounded, however many secrets and however large the body. */
export class SignerSearch {
  readonly #claim: Claim;
  readonly #body: Buffer;
  readonly #recent: RecentKeys;
  readonly #seen = new Set<string>();
  #left = maxHashedBytes;
  #isOut = false;
  #compact: Buffer | undefined;
  #isCompacted = false;

  constructor(claim: Claim, body: Buffer, recent: RecentKeys) {
    this.#claim = claim;
    this.#body = body;
    this.#recent = recent;
  }

  /** Whether there were more secrets than may be tried. */
  get isOut(): boolean {
    return this.#isOut;
  }

  /**
   * Tries secrets, each key once. Called again, with a list that was fetched anew, it tries those that are new.
   *
   * @returns undefined where none of those tried has signed the body
   * @throws Error when there is no secret: nothing could be verified, which is our failure
   */
  among(secrets: readonly SigningSecret[]): Found | undefined {
    if (secrets.length === 0 || secrets.some(({ secret }) => secret === ''))
      throw new Error('No signing secret to verify with.');
    if (this.#seen.size > 0) this.#left += maxHashedBytesOfRefresh;
    const unseen = secrets.filter(({ secret }) => !this.#seen.has(secret));
    for (const { secret } of unseen) this.#seen.add(secret);
    const keys = keysInOrder(unseen, this.#body, this.#recent);

    const { scheme, timestamp } = this.#claim;
    const ofBody = this.#signers(keys, scheme === 'v2' ? [`${timestamp}.`, this.#body] : [this.#body]);
    const compact = scheme === 'sha256' && ofBody.size === 0 ? this.#compacted() : undefined;
    const signers = compact ? this.#signers(keys, [compact]) : ofBody;
    if (signers.size === 0) return undefined;
    for (const key of signers) this.#recent.note(key);
    return { signed: compact ?? this.#body, by: secrets.filter(({ secret }) => signers.has(secret)) };
  }

  /** The keys that signed an input, until each MAC has its key, or no more may be hashed. */
  #signers(keys: readonly string[], input: readonly (Buffer | string)[]): ReadonlySet<string> {
    const { macs } = this.#claim;
    const bytes = input.reduce((sum, chunk) => sum + chunk.length, 0);
    const found = new Set<string>();
    for (const key of keys) {
      if (found.size === macs.length) break;
      if (bytes > this.#left) {
        this.#isOut = true;
        break;
      }
      this.#left -= bytes;
      // Once per key: a stranger's header may hold a hundred MACs, and each hash reads the whole body.
      const expected = hmac(key, input);
      if (macs.some((mac) => timingSafeEqual(mac, expected))) found.add(key);
    }
    return found;
  }

  /**
   * The guide signs `JSON.stringify(payload)`. Where a proxy has re-spaced the body, that is the body parsed and written
   * again. The body itself, not JSON, too large or nested too deeply to write: nothing more to compare with.
   *
   * Bodies that differ in more than spaces compact to the same text (`1e400` to `null`, `-0` to `0`): the compacted
   * text is what was signed, not the body.
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

/** The key is a string: as a `Buffer` it takes eight times as long, as a `KeyObject` as long (docs/decisions/0020). */
function hmac(key: string, input: readonly (Buffer | string)[]): Buffer {
  const digest = createHmac('sha256', key);
  for (const chunk of input) digest.update(chunk);
  return digest.digest();
}
