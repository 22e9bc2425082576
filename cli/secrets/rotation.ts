import { setTimeout as sleep } from 'node:timers/promises';
import { shortestLadder, zavuTolerance } from '../../lambda/zavu/delivery.ts';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { findByEnd, ofSender, printList, readList, replaced, type SecretList } from './list.ts';
import type { SecretStore } from './store.ts';

/** As old as a signed request may be (`toleranceSeconds`): what the old secret signed is stale after that. */
export const defaultGraceSeconds: number = zavuTolerance.ageSeconds;

/** Waits before a new secret is stored again, in seconds: the client of Secrets Manager has tried thrice by then. */
const storeAgainAfter = [1, 3, 9];

/** Longer than any secret of Zavu's, to see that there is room for it. */
const longest = 'x'.repeat(256);

/** What becomes of the list with a secret that Zavu issues for a sender. */
export interface Issue {
  store: SecretStore;
  sender: string;
  /** What the new secret replaces. */
  old: SecretList;
  /** What is said of the new one. */
  as: Omit<SigningSecret, 'secret' | 'expiresAt'>;
  /** How long the old ones still count. */
  graceSeconds: number;
}

/**
 * Which secret of the list a rotation replaces.
 *
 * @param end its last four characters, where they were given
 * @returns none where there is no secret yet
 * @throws Error where it is not clear
 */
export function oldSecret(list: SecretList, sender: string, end: string | undefined): SecretList {
  if (list.length === 0) return [];
  if (end !== undefined) return [findByEnd(list, end)];
  const own = ofSender(list, sender);
  const bare = list.filter(
    ({ name, sender, project, expiresAt }) => !name && !sender && !project && !expiresAt,
  );
  const candidates = own.length > 0 ? own : bare;
  if (candidates.length === 1) return candidates;
  throw new Error(
    `Which secret is that of ${sender}? ${candidates.length === 0 ? 'None' : 'More than one'} may be. Name it ` +
      'with --old <last four>, as `npm run secrets -- list` shows it. Nothing was changed. A sender whose secret ' +
      'was never stored: `npm run register -- --sender <id>`.',
  );
}

/**
 * Makes sure that a secret can be stored, before Zavu issues one: Zavu shows it once, and ends the old one at once.
 *
 * @throws Error where the present list cannot be written back, or has no room
 */
export async function proveWritable({ store, old, as }: Issue): Promise<void> {
  const expiresAt = new Date().toISOString();
  await store.edit((text) => {
    printList(replaced(readList(text, Date.now()), old, { ...as, secret: longest }, expiresAt));
    return text;
  });
}

/**
 * Stores a secret that Zavu has issued, trying again for a while.
 *
 * @returns the secret as it is stored, and when the old ones end
 * @throws Error that says what to do where it could not be stored
 */
export async function storeIssued(
  secret: string,
  { store, sender, old, as, graceSeconds }: Issue,
): Promise<{ entry: SigningSecret; expiresAt: string }> {
  const entry = { ...as, secret };
  const expiresAt = new Date(Date.now() + graceSeconds * 1000).toISOString();
  const end = graceSeconds > 0 ? expiresAt : undefined;
  for (const wait of [...storeAgainAfter, undefined]) {
    try {
      await store.edit((text) => printList(replaced(readList(text, Date.now()), old, entry, end)));
      break;
    } catch (error) {
      if (wait === undefined) throw notStored(sender, error);
      await sleep(wait * 1000);
    }
  }
  return { entry, expiresAt };
}

function notStored(sender: string, cause: unknown): Error {
  return new Error(
    `Zavu has issued a new secret for ${sender} and ended the old one, but the new one could not be stored: ` +
      `${cause instanceof Error ? cause.message : cause}\n` +
      `Until one is stored, events of this sender are answered 401, and Zavu gives each up after ${shortestLadder.text}. ` +
      'Mend that, then run the same command again: Zavu issues another secret.',
    { cause },
  );
}
