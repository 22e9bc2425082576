import { secretToSignWith } from '../../lambda/zavu/sign.ts';
import { readState } from '../../local/state.ts';
import { UsageError } from '../shared/command.ts';

/**
 * Finds where to post and with which secret: as the options say, or as the local run has written down.
 *
 * @throws Error if there is no local run; UsageError if there is no secret
 */
export function findTarget(
  givenUrl: string | undefined,
  givenSecret: string | undefined,
): { url: string; secret: string } {
  const local = readState();
  const url = givenUrl ?? local?.url;
  if (!url)
    throw new Error(
      'No local run: start one with `npx zavu-webhooks start`, or name another URL with --url.',
    );
  const secret =
    givenSecret ?? process.env.ZAVU_WEBHOOK_SECRET ?? (url === local?.url ? local?.secret : undefined);
  if (!secret) throw new UsageError('No secret to sign with: give --secret, or set ZAVU_WEBHOOK_SECRET.');
  return { url, secret: secretToSignWith(secret) };
}
