import { errorText } from './error-text.ts';

/** The command was given wrongly: it ends with 2, and nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What to do about an error, if the error's name or code matches. */
export type ErrorHint = readonly [RegExp, string];

/** A command: each has a file in cli/ that exports it as `command`. */
export interface Command {
  /** What it is called after `npx zavu-webhooks`. */
  name: string;
  /** What `--help` prints. The exit codes are added to it. */
  usage: string;
  /** What to do about errors that only this command meets. @default none */
  errorHints?: readonly ErrorHint[];
  /**
   * Does what is asked for, and prints what it did.
   *
   * @param args what stands behind the command's name
   * @returns whether all went well: false if something failed, or if it was cut short
   * @throws UsageError saying which argument is wrong; Node's `parseArgs` may throw its own errors for that
   */
  run(args: readonly string[]): Promise<boolean>;
}

const exitCodes =
  'Exit code: 0 if all went well, 1 if something failed or was cut short, 2 if the command was given wrongly.';

const sharedHints: readonly ErrorHint[] = [
  [/Expired|InvalidClientTokenId|Credentials/, 'Sign in again, `aws sso login`, or name another --profile.'],
  [
    /ECONNREFUSED|ENOTFOUND|TimeoutError|ECONNRESET/,
    'Check the network, or whether `npx zavu-webhooks start` still runs.',
  ],
];

/**
 * Runs a command to its end. An error is printed as a sentence, and below it a sentence that says what to do.
 *
 * @returns the exit code, which means the same for every command
 */
export async function execute(
  { name, usage, errorHints = [], run }: Command,
  args: readonly string[],
): Promise<0 | 1 | 2> {
  if (args.includes('--help')) {
    console.log(`${usage}\n\n${exitCodes}`);
    return 0;
  }
  try {
    return (await run(args)) ? 0 : 1;
  } catch (error) {
    if (isUsageError(error)) {
      console.error(`${error.message}\nSee npx zavu-webhooks ${name} --help`);
      return 2;
    }
    const hint = hintFor(error, [...errorHints, ...sharedHints]);
    console.error([errorText(error), ...(hint ? [hint] : [])].join('\n'));
    return 1;
  }
}

/** @see https://nodejs.org/api/errors.html for the codes of `parseArgs`, which all begin alike */
function isUsageError(error: unknown): error is Error {
  return error instanceof UsageError || codeOf(error).startsWith('ERR_PARSE_ARGS_');
}

/** The hint for an error, or for the error that caused it. */
function hintFor(error: unknown, hints: readonly ErrorHint[]): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const hint = hints.find(([pattern]) => pattern.test(`${error.name} ${codeOf(error)}`))?.[1];
  return hint ?? hintFor(error.cause, hints);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error && 'code' in error ? String(error.code) : '';
}
