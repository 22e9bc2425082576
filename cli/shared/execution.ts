import { CommanderError } from '@commander-js/extra-typings';
import { docsPage } from '../../lib/docs-page.ts';
import { clockSkewOf } from './clock-skew.ts';
import { type ErrorHint, exitCodes, takeFailure, UsageError } from './command.ts';
import { errorText } from './error-text.ts';
import { cutShortBy } from './interruption.ts';

const hints: readonly ErrorHint[] = [
  [/Expired|InvalidClientTokenId|Credentials/, 'Sign in again, `aws sso login`, or name another --profile.'],
  [
    /ECONNREFUSED|ENOTFOUND|TimeoutError|ECONNRESET/,
    'Check the network, or whether `npx zavu-webhooks start` still runs.',
  ],
  [
    /AccessDenied/,
    `The policy of your role lacks what the sentence names. ${docsPage('operations.md')} lists what each command needs.`,
  ],
  [
    /QueueDoesNotExist|NonExistentQueue/,
    "The stack's outputs name a queue that is not there: `npx cdk deploy` creates it again.",
  ],
];

/**
 * Runs a command to its end. An error is printed as a sentence, and below it a sentence that says what to do.
 *
 * @param name the command's, for errors
 * @returns the exit code, which means the same for every command
 */
export async function execute(run: () => Promise<unknown>, name: string | undefined): Promise<number> {
  try {
    await run();
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.well : exitCodes.givenWrongly;
    if (error instanceof UsageError) {
      const words = ['npx zavu-webhooks', error.command ?? name, '--help'].filter(Boolean);
      console.error(`${error.message}\nSee ${words.join(' ')}`);
      return exitCodes.givenWrongly;
    }
    // What an interruption cuts off is no failure of its own.
    if (cutShortBy() === undefined) {
      const hint = clockSkewOf(error) ?? hintFor(error);
      console.error([errorText(error), ...(hint ? [hint] : [])].join('\n'));
    }
    return cutShortBy() ?? exitCodes.failed;
  }
  return cutShortBy() ?? (takeFailure() ? exitCodes.failed : exitCodes.well);
}

/** The hint for an error, or for the error that caused it. */
function hintFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const hint = hints.find(([pattern]) => pattern.test(`${error.name} ${codeOf(error)}`))?.[1];
  return hint ?? hintFor(error.cause);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error && 'code' in error ? String(error.code) : '';
}
