import { findByLastFour, parseList, removeEntry, serializeList } from './list.ts';
import type { SecretsResult } from './result.ts';
import type { SecretStore } from './store.ts';
import { describeSecret, maskSecret } from './table.ts';

interface RemoveOptions {
  name?: string | undefined;
  sender?: string | undefined;
  project?: string | undefined;
}

/**
 * Removes the secret that ends in four characters.
 *
 * @param options which one, if several end alike
 * @throws Error if there is none, or if several are left
 */
export async function removeSecret(
  store: SecretStore,
  lastFour: string,
  { name, sender, project }: RemoveOptions,
): Promise<SecretsResult> {
  const present = parseList(await store.read(), Date.now());
  const entry = findByLastFour(present, lastFour, { name, sender, project });
  await store.edit((text) => serializeList(removeEntry(parseList(text, Date.now()), entry)));
  const { secret: _secret, ...fields } = entry;
  return {
    text: `Removed ${describeSecret(entry)}. The receiver stops accepting it within five minutes.`,
    json: { removed: { secret: maskSecret(entry), ...fields } },
  };
}
