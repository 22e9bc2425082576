import { errorFields, type Logger } from '../shared/log.ts';
import { isLive, parseSecrets, type SigningSecret } from '../zavu/signing-secret.ts';

/** The signing secrets cannot be had: our failure, not the sender's. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

export interface SigningSecrets {
  /**
   * The live secrets, from the cache when it is fresh, and for an hour where the store is out of reach or what it holds
   * cannot be read: events go on, and yet a secret that was removed ends.
   *
   * @throws SecretUnavailable when there was no good answer for an hour, or none ever, or every secret has expired
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
  maxStaleMs?: number;
  minRefreshMs?: number;
}

/**
 * How long a list counts that cannot be read anew. Less than Zavu's shortest ladder of retries, so that of the events
 * that are refused from then on none is lost at once; and long enough for whoever is paged (SecretUnreadable) to act.
 * Without an end, a secret that leaked would count for as long as the list that removes it has a slip.
 */
const hourMs = 3_600_000;

/** The least time between two calls to the store: within it, a rotated secret may not yet be known. */
export const leastRefreshMs = 10_000;

/**
 * Caches the signing secrets for one execution environment.
 *
 * @param source where they come from; `maxAgeMs` (5 minutes) is how long an answer is fresh, `maxStaleMs` (an hour) how
 *   long it counts where there is none that is newer, `minRefreshMs` (10 seconds) the least time between two calls to
 *   the store
 */
export function cacheSecrets(source: SecretSource): SigningSecrets {
  const { fetch, now, log, maxAgeMs = 300_000, maxStaleMs = hourMs, minRefreshMs = leastRefreshMs } = source;
  let cached: readonly SigningSecret[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  // Asked at each request: a secret expires in the cache, too.
  const live = () => (cached ?? []).filter((secret) => isLive(secret, now()));

  /** Whether the store gave a list. */
  async function load(deadline: number): Promise<boolean> {
    triedAt = now();
    try {
      cached = parseSecrets(await fetch(deadline));
      fetchedAt = now();
      return true;
    } catch (error) {
      failure = error;
      log.error('secret_fetch_failed', errorFields(error));
      return false;
    }
  }

  return {
    async current(deadline) {
      const fresh = now() - fetchedAt < maxAgeMs && live().length > 0;
      const tooSoon = cached !== undefined && now() - triedAt < minRefreshMs;
      if (!fresh && !tooSoon) await load(deadline);
      if (now() - fetchedAt >= maxStaleMs)
        throw new SecretUnavailable('The signing secret could not be read.', { cause: failure });
      const secrets = live();
      if (secrets.length === 0) throw new SecretUnavailable('Every signing secret has expired.');
      return secrets;
    },
    async refreshed(deadline) {
      if (now() - triedAt < minRefreshMs) return undefined;
      return (await load(deadline)) ? live() : undefined;
    },
  };
}
