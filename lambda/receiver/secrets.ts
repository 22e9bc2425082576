import { parseJson } from '../shared/json.ts';
import type { Logger } from '../shared/log.ts';
import { errorFields } from '../shared/log.ts';

/** The signing secrets cannot be had: our failure, not the sender's. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

/** The secret's text is not what it must be. Its name is what the log shows. */
export class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';
  override readonly message =
    'The signing secret must be one secret as plain text, or a JSON array of secrets.';
}

export interface SigningSecrets {
  /**
   * The live secrets, from the cache when it is fresh, and when it is stale but the store is out of reach.
   *
   * @throws SecretUnavailable when there never was an answer
   */
  current(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * The live secrets fetched anew, because a signature matched none that we know: a rotation takes effect at
   * the first request. Rate-limited, so that forged requests cannot turn into calls to the store.
   *
   * @returns undefined when it is too soon, or the store is out of reach
   */
  refreshed(signal: AbortSignal): Promise<readonly string[] | undefined>;
}

export interface SecretSource {
  /** Fetches the secret's text. */
  fetch(signal: AbortSignal): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
  log: Logger;
  maxAgeMs?: number;
  minRefreshMs?: number;
}

/**
 * Caches the signing secrets for one sandbox.
 *
 * @param source where they come from; `maxAgeMs` (5 minutes) is how long an answer is fresh, `minRefreshMs`
 *   (10 seconds) the least time between two calls to the store
 */
export function cacheSecrets(source: SecretSource): SigningSecrets {
  const { fetch, now, log, maxAgeMs = 300_000, minRefreshMs = 10_000 } = source;
  let cached: readonly string[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;

  async function load(signal: AbortSignal): Promise<void> {
    triedAt = now();
    cached = parseSecrets(await fetch(signal));
    fetchedAt = now();
  }

  return {
    async current(signal) {
      const tooSoon = now() - triedAt < minRefreshMs;
      if (cached && (now() - fetchedAt < maxAgeMs || tooSoon)) return cached;
      try {
        await load(signal);
      } catch (error) {
        log.error('secret_fetch_failed', errorFields(error));
        if (!cached) throw new SecretUnavailable('The signing secret could not be read.', { cause: error });
      }
      return cached ?? [];
    },
    async refreshed(signal) {
      if (now() - triedAt < minRefreshMs) return undefined;
      try {
        await load(signal);
      } catch (error) {
        log.error('secret_fetch_failed', errorFields(error));
        return undefined;
      }
      return cached;
    },
  };
}

/**
 * Reads the secret's text: one signing secret, or a JSON array of them where several senders share the URL.
 * Surrounding white space goes: a newline pasted with a secret is nobody's key.
 *
 * @throws MalformedSecret when there is none, an empty one, or another shape; it never quotes the text
 */
export function parseSecrets(text: string): readonly string[] {
  const trimmed = text.trim();
  const values = /^[[{]/.test(trimmed) ? parseJson(trimmed) : [trimmed];
  if (!Array.isArray(values) || values.length === 0 || !values.every(isSecret)) throw new MalformedSecret();
  return values.map((value) => value.trim());
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
