import { errorFields, type Logger } from '../shared/log.ts';
import { isLive, parseSecrets, type SigningSecret } from '../zavu/signing-secret.ts';

/** The signing secrets cannot be fetched or read: a failure of this stack, and not of the sender. */
class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

export interface SigningSecrets {
  /**
   * The live secrets, from the cache if it is fresh. If the store is unavailable or its text cannot be read, the cache
   * counts for an hour: events are still taken, and a secret that was removed still ends.
   *
   * @throws SecretUnavailable if there was no good answer for an hour or never, or if every secret has expired
   */
  current(deadline: number): Promise<readonly SigningSecret[]>;
  /**
   * The live secrets, fetched anew because a signature matched none of the cached ones: so a rotation takes effect at
   * the first request. The rate is limited, so that forged requests do not become calls to the store.
   *
   * @returns undefined if it is too soon or the store is unavailable; an empty list if all have expired
   */
  refreshed(deadline: number): Promise<readonly SigningSecret[] | undefined>;
}

interface SecretSource {
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
 * How long a list counts that cannot be read anew. It is less than Zavu's shortest ladder of retries, so that no event
 * that is refused from then on is lost at once, and long enough for the person who is paged (SecretUnreadable) to act.
 * Without an end, a leaked secret would count for as long as the list that removes it has a mistake.
 */
const hourMs = 3_600_000;

/** The least time between two calls to the store: within it, a rotated secret may not yet be known. */
export const minSecretRefreshMs = 10_000;

/**
 * Caches the signing secrets for one execution environment.
 *
 * @param source where they come from. `maxAgeMs` (5 minutes) is how long an answer is fresh, `maxStaleMs` (an hour) how
 *   long it counts if there is no newer one, `minRefreshMs` (10 seconds) the shortest time between two calls to the
 *   store
 */
export function cacheSecrets(source: SecretSource): SigningSecrets {
  const {
    fetch,
    now,
    log,
    maxAgeMs = 300_000,
    maxStaleMs = hourMs,
    minRefreshMs = minSecretRefreshMs,
  } = source;
  let cached: readonly SigningSecret[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  // Computed at each request, because a secret expires in the cache, too.
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
