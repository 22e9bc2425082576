import { secretToSignWith } from '../../lambda/zavu/sign.ts';
import { readState, readStates } from '../../local/state.ts';
import { UsageError } from '../shared/command.ts';

/**
 * Finds where to post and with which secret: that of $ZAVU_WEBHOOK_SECRET, or of the local run. No secret is ever on a
 * command line, which every user of the machine can see.
 *
 * @param port of the local run, if several run
 * @throws Error if there is no local run; UsageError if there is no secret
 */
export function findTarget(
  givenUrl: string | undefined,
  port: string | undefined,
): { url: string; secret: string } {
  const local =
    givenUrl === undefined ? readState(port) : readStates().find((state) => state.url === givenUrl);
  const url = givenUrl ?? local?.url;
  if (!url)
    throw new Error(
      'No local run: start one with `npx zavu-webhooks start`, or name another URL with --url.',
    );
  const secret = process.env.ZAVU_WEBHOOK_SECRET || local?.secret;
  if (!secret) throw new UsageError('No secret to sign with: set ZAVU_WEBHOOK_SECRET.');
  return { url, secret: secretToSignWith(secret) };
}
