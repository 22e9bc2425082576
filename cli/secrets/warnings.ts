import { alwaysTried, maxHashedBytes } from '../../lambda/receiver/signer-search.ts';
import { isLive, secretPrefix } from '../../lambda/zavu/signing-secret.ts';
import type { SecretList } from './list.ts';
import { describeSecret } from './table.ts';

/** What to do about a text that does not look like a secret. */
export const prefixHint = `Zavu's secrets begin with ${secretPrefix}: copy it again from Zavu, and include its beginning.`;

/** Whether a text looks like the secrets that Zavu is known to issue. */
export function looksLikeSecret(secret: string): boolean {
  return secret.startsWith(secretPrefix) && /^[\w+/=.~:-]+$/.test(secret.slice(secretPrefix.length));
}

/** A large event that is not unusual: a queue takes it uncompressed. */
const largeEventBytes = 1_048_576;

/**
 * What is likely to be wrong in a list, although the receiver can read it.
 *
 * @param now milliseconds since the epoch
 * @returns sentences; none if all is well
 */
export function warningsOf(list: SecretList, now: number): string[] {
  const odd = list
    .filter(({ secret }) => !looksLikeSecret(secret))
    .map((entry) => `${describeSecret(entry)} does not look like one of Zavu's secrets. ${prefixHint}`);
  const unbound = list.filter((entry) => isLive(entry, now) && !entry.sender && !entry.project);
  const unboundSecrets = new Set(unbound.map(({ secret }) => secret)).size;
  const maxTried = alwaysTried(largeEventBytes);
  if (unboundSecrets <= maxTried) return odd;
  return [
    ...odd,
    `${unboundSecrets} secrets are not bound, and the receiver tries at most ${maxTried} of them for an event of 1 MiB, because it ` +
      `hashes ${maxHashedBytes / largeEventBytes} MiB for a request. It may refuse a large event (too_many_secrets). Bind ` +
      'the secrets: npx zavu-webhooks register --sender <id> --bind, or npx zavu-webhooks secrets add --bind-sender <id>.',
  ];
}
