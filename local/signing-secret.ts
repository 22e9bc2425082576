import { randomBytes } from 'node:crypto';
import { secretToSignWith } from '../lambda/zavu/sign.ts';
import { secretPrefix } from '../lambda/zavu/signing-secret.ts';
import { errorMessage } from './error-message.ts';

/** The signing secret of a local run. */
interface LocalSigningSecret {
  /** One secret, or a JSON array of several, as it is stored. */
  text: string;
  /** The one that requests are signed with. */
  toSignWith: string;
  /** What the terminal shows of that one: all of it if it was made up, or else its last four characters. */
  shown: string;
}

/**
 * The signing secret of a local run.
 *
 * @param given as $ZAVU_WEBHOOK_SECRET has it; without it, one is made up
 * @throws Error before anything starts, if the receiver would refuse it
 */
export function signingSecret(given: string | undefined): LocalSigningSecret {
  const text = given ?? `${secretPrefix}local_${randomBytes(16).toString('hex')}`;
  try {
    const toSignWith = secretToSignWith(text);
    return { text, toSignWith, shown: given === undefined ? toSignWith : `…${toSignWith.slice(-4)}` };
  } catch (cause) {
    throw new Error(`$ZAVU_WEBHOOK_SECRET holds no signing secret. ${errorMessage(cause)}`, { cause });
  }
}
