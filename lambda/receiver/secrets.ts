import { errorFields, type Logger } from '../shared/log.ts';
import { isLive, parseSecrets, type SigningSecret } from './signing-secret.ts';

/** The signing secrets cannot be had: our failure, not the sender's. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

export interface SigningSecrets {
  /**
   * The live secrets, from the cache when it is fresh, and when it is stale but the store is out of reach.
   *
   * @throws SecretUnavailable when there never was an answer, or every secret has expired
   */
  current(deadline: number): Promise<readonly SigningSecret[]>;
  /**
   * The live secrets fetched anew, because a signature matched none that we know: a rotation takes effect at
   * the first request. Rate-limited, so that forged requests cannot turn into calls to the store.
   *
   * @returns undefined when it is too soon, or the store is out of reach; none where all have expired
   */
  refreshed(deadline: number): Promise<readonly SigningSecret[] | undefined>;
}

export interface SecretSource {
  /** Fetches the secret's text, until a deadline in milliseconds since the epoch. */
  fetch(deadline: number): Promise<string>;
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
  let cached: readonly SigningSecret[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;

  // Asked at each request: a secret expires in the cache, too.
  const live = () => (cached ?? []).filter((secret) => isLive(secret, now()));

  async function load(deadline: number): Promise<void> {
    triedAt = now();
    cached = parseSecrets(await fetch(deadline));
    fetchedAt = now();
  }

  return {
    async current(deadline) {
      const fresh = now() - fetchedAt < maxAgeMs && live().length > 0;
      const tooSoon = cached !== undefined && now() - triedAt < minRefreshMs;
      if (!fresh && !tooSoon) {
        try {
          await load(deadline);
        } catch (error) {
          log.error('secret_fetch_failed', errorFields(error));
          if (!cached) throw new SecretUnavailable('The signing secret could not be read.', { cause: error });
        }
      }
      const secrets = live();
      if (secrets.length === 0) throw new SecretUnavailable('Every signing secret has expired.');
      return secrets;
    },
    async refreshed(deadline) {
      if (now() - triedAt < minRefreshMs) return undefined;
      try {
        await load(deadline);
      } catch (error) {
        log.error('secret_fetch_failed', errorFields(error));
        return undefined;
      }
      return live();
    },
  };
}
