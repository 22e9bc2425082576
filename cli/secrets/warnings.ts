import { alwaysTried, maxHashedBytes } from '../../lambda/receiver/signer-search.ts';
import { isLive } from '../../lambda/zavu/signing-secret.ts';
import type { SecretList } from './list.ts';
import { titleOf } from './table.ts';

/** What is said of a text that does not look like a secret. */
export const notLikeSecret = "Zavu's begin with whsec_: copy it again from Zavu, its beginning included.";

/** Whether a text looks like every secret that Zavu is known to issue. */
export function looksLikeSecret(secret: string): boolean {
  return /^whsec_[\w+/=.~:-]+$/.test(secret);
}

/** An event of this size is large, and not out of the ordinary: a queue takes it as it is. */
const largeEventBytes = 1_048_576;

/**
 * What of a list is likely to be wrong, although the receiver can read it.
 *
 * @param now milliseconds since the epoch
 * @returns sentences, none where nothing is
 */
export function warningsOf(list: SecretList, now: number): string[] {
  const odd = list
    .filter(({ secret }) => !looksLikeSecret(secret))
    .map((entry) => `${titleOf(entry)} does not look like a secret of Zavu's. ${notLikeSecret}`);
  const free = list.filter((entry) => isLive(entry, now) && !entry.sender && !entry.project);
  const keys = new Set(free.map(({ secret }) => secret)).size;
  const most = alwaysTried(largeEventBytes);
  if (keys <= most) return odd;
  return [
    ...odd,
    `${keys} secrets are not bound, and an event of 1 MiB is tried with ${most} at most: the receiver hashes ` +
      `${maxHashedBytes / largeEventBytes} MiB for a request. A large event may be refused (too_many_secrets). Bind ` +
      'them: npm run register -- --sender <id> --bind, or npm run secrets -- add --sender <id>.',
  ];
}
