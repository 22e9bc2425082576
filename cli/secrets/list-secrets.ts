import { isLive, parseSecrets } from '../../lambda/zavu/signing-secret.ts';
import { isPlaceholder } from './list.ts';
import type { SecretsResult } from './result.ts';
import type { SecretStore } from './store.ts';
import { maskSecret, secretsTable } from './table.ts';
import { warningsOf } from './warnings.ts';

/** Lists the secrets of a store by their last four characters, with what is likely to be wrong. */
export async function listSecrets(store: SecretStore): Promise<SecretsResult> {
  const stored = await store.read();
  if (isPlaceholder(stored)) {
    return {
      text: 'No secret is stored yet, only the random text that the stack begins with: every webhook is refused.',
      json: { secrets: [], warnings: [] },
    };
  }
  const [secrets, now] = [parseSecrets(stored), Date.now()];
  const warnings = warningsOf(secrets, now);
  return {
    text: [secretsTable(secrets, now), ...warnings].join('\n\n'),
    json: {
      secrets: secrets.map((entry) => ({
        ...entry,
        secret: maskSecret(entry),
        isLive: isLive(entry, now),
      })),
      warnings,
    },
  };
}
