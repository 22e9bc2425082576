import { interruption } from '../shared/interruption.ts';
import { askZavu, createZavu } from '../shared/zavu.ts';
import { parseList } from './list.ts';
import type { SecretsResult } from './result.ts';
import { checkWritable, findOldEntries, storeIssued } from './rotation.ts';
import type { SecretStore } from './store.ts';
import { describeSecret, maskSecret } from './table.ts';

interface RotateOptions {
  /** The sender's id in Zavu. */
  sender: string;
  /** How long the old secret still counts, in milliseconds. */
  grace: number;
  /** The last four characters of the old secret. */
  old?: string | undefined;
}

/**
 * Lets Zavu issue a new secret for a sender, and stores it in place of the old one.
 *
 * @throws Error if the sender has no webhook, or if the new secret could not be stored
 */
export async function rotateSecret(
  store: SecretStore,
  { sender, grace, old }: RotateOptions,
): Promise<SecretsResult> {
  const zavu = createZavu();
  const oldEntries = findOldEntries(parseList(await store.read(), Date.now()), sender, old);
  const { webhook } = await askZavu(sender, zavu.senders.retrieve(sender));
  if (!webhook)
    throw new Error(`${sender} has no webhook in Zavu: npx zavu-webhooks register --sender ${sender}`);

  const [{ name = sender, sender: boundSender, project } = {}] = oldEntries;
  const fields = {
    name,
    ...(boundSender ? { sender: boundSender } : {}),
    ...(project ? { project } : {}),
  };
  const replacement = { store, sender, oldEntries, fields, graceSeconds: grace / 1000 };
  await checkWritable(replacement);
  // Zavu shows a secret only once.
  interruption('Storing the secret that Zavu has issued. Ctrl-C again ends at once, and may lose it.');
  const { secret } = await askZavu(sender, zavu.senders.regenerateWebhookSecret(sender));
  const { entry, expiresAt } = await storeIssued(secret, replacement);
  const outcomes = oldEntries.map(
    (oldEntry) => `${maskSecret(oldEntry)} ${grace > 0 ? `counts until ${expiresAt}` : 'is removed'}`,
  );
  return {
    text: [
      `Stored ${describeSecret(entry)}. ${outcomes.join(', ')}`.trim(),
      'The receiver loads the new secret at the first event that is signed with it. Zavu sends what is refused until then again after a minute.',
    ].join('\n'),
    json: {
      stored: { secret: maskSecret(entry), ...fields },
      replaced: oldEntries.map((oldEntry) => maskSecret(oldEntry)),
      ...(grace > 0 ? { oldCountUntil: expiresAt } : {}),
    },
  };
}
