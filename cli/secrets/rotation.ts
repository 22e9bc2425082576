import { setTimeout as sleep } from 'node:timers/promises';
import { shortestLadder, zavuTolerance } from '../../lambda/zavu/delivery.ts';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { errorText } from '../shared/error-text.ts';
import {
  entriesOfSender,
  findByLastFour,
  parseList,
  replaceEntries,
  type SecretList,
  serializeList,
} from './list.ts';
import type { SecretStore } from './store.ts';

/** As old as a signed request may be (`toleranceSeconds`): a request that the old secret signed is stale after that. */
export const defaultGraceSeconds: number = zavuTolerance.ageSeconds;

/** Waits between attempts to store a new secret, in seconds. The SDK's client tries three times in each attempt. */
const storeWaitsSeconds = [1, 3, 9];

/** Longer than any of Zavu's secrets, to see that there is room for one. */
const longestSecret = 'x'.repeat(256);

/** How a secret that Zavu issues for a sender changes the list. */
export interface SecretReplacement {
  store: SecretStore;
  sender: string;
  /** The entries that the new one replaces. */
  oldEntries: SecretList;
  /** The other fields of the new entry. */
  fields: Omit<SigningSecret, 'secret' | 'expiresAt'>;
  /** How long the old secrets still count. */
  graceSeconds: number;
}

/**
 * Finds the entry that a rotation replaces: the one that is named for the sender or bound to it. If there is none, the only
 * one that has no other field than its secret.
 *
 * @param lastFour the last four characters of the old secret, if they were given
 * @returns no entry if there is no secret yet
 * @throws Error if it is not clear which entry is meant
 */
export function findOldEntries(list: SecretList, sender: string, lastFour: string | undefined): SecretList {
  if (list.length === 0) return [];
  if (lastFour !== undefined) return [findByLastFour(list, lastFour)];
  const own = entriesOfSender(list, sender);
  const bare = list.filter(
    ({ name, sender, project, expiresAt }) => !name && !sender && !project && !expiresAt,
  );
  const candidates = own.length > 0 ? own : bare;
  if (candidates.length === 1) return candidates;
  throw new Error(
    `Which secret belongs to ${sender}? ${candidates.length === 0 ? 'None' : 'More than one'} in the list can. ` +
      'Name it with --old <last four>, as `npx zavu-webhooks secrets list` shows it. Nothing was changed. If no secret of ' +
      `this sender was ever stored: \`npx zavu-webhooks register --sender ${sender}\`.`,
  );
}

/**
 * Makes sure that a secret can be stored, before Zavu issues one. Zavu shows it only once, and stops using the old one
 * at once.
 *
 * @throws Error if the present list cannot be written back, or has no room
 */
export async function checkWritable({ store, oldEntries, fields }: SecretReplacement): Promise<void> {
  const expiresAt = new Date().toISOString();
  await store.edit((text) => {
    serializeList(
      replaceEntries(
        parseList(text, Date.now()),
        oldEntries,
        { ...fields, secret: longestSecret },
        expiresAt,
      ),
    );
    return text;
  });
}

/**
 * Stores a secret that Zavu has issued, and tries again for a while.
 *
 * @returns the new entry, and when the old ones end
 * @throws Error that says what to do if the secret could not be stored
 */
export async function storeIssued(
  secret: string,
  { store, sender, oldEntries, fields, graceSeconds }: SecretReplacement,
): Promise<{ entry: SigningSecret; expiresAt: string }> {
  const entry = { ...fields, secret };
  const expiresAt = new Date(Date.now() + graceSeconds * 1000).toISOString();
  const end = graceSeconds > 0 ? expiresAt : undefined;
  const attempt = () =>
    store.edit((text) => serializeList(replaceEntries(parseList(text, Date.now()), oldEntries, entry, end)));
  try {
    await attemptAgain(attempt);
  } catch (error) {
    throw notStored(sender, error);
  }
  return { entry, expiresAt };
}

async function attemptAgain(attempt: () => Promise<void>): Promise<void> {
  for (const wait of storeWaitsSeconds) {
    try {
      return await attempt();
    } catch {
      await sleep(wait * 1000);
    }
  }
  return attempt();
}

function notStored(sender: string, cause: unknown): Error {
  return new Error(
    `Zavu has issued a new secret for ${sender} and ended the old one, but the new one could not be stored: ` +
      `${errorText(cause)}\n` +
      `Until a secret is stored, events of this sender are answered 401, and Zavu gives each up after ${shortestLadder.text}. ` +
      'Fix that, then run the same command again: Zavu issues another secret.',
    { cause },
  );
}
