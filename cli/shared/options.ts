import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { parseContextOptions } from '../../lib/settings/context-option.ts';
import { UsageError } from './command.ts';
import { errorText } from './error-text.ts';
import { defaultRate, maxRate } from './rate.ts';
import { parseDuration, parseTime } from './time.ts';
import { parseWholeNumber } from './whole-number.ts';

/**
 * Gives a command the options that name its deployment.
 *
 * @param command one that asks AWS, or the local run
 */
export function onDeployment<
  Args extends unknown[],
  Options extends OptionValues,
  Globals extends OptionValues,
>(command: Command<Args, Options, Globals>) {
  return command
    .addOption(
      new Option(
        '--stack <name>',
        'a deployed stack; without it, the local run. If the stack holds several: <name>/<construct>',
      ),
    )
    .addOption(new Option('--stage <stage>', 'short for --stack ZavuWebhooks-<stage>'))
    .addOption(new Option('--profile <name>', 'AWS profile, as for the AWS CLI'))
    .addOption(new Option('--region <name>', 'AWS region, as for the AWS CLI'))
    .addOption(portOption);
}

/** The port of a local run, as its state has it. */
export const portOption = new Option(
  '--port <n>',
  'the port of the local run, if several run in this folder',
);

/** Lets a command print its result for a script. */
export const jsonOption = new Option('--json', 'print one JSON document, for scripts');

/** A setting of the app, as the CDK CLI takes it. */
export const contextOption = new Option(
  '-c, --context <name=value>',
  'a setting, as for cdk deploy; may be repeated',
)
  .argParser(collect)
  .default([] as string[], 'none');

/**
 * The settings that `contextOption` has collected, by name.
 *
 * @throws UsageError if one is no setting
 */
export function readSettings(pairs: readonly string[]): Record<string, string> {
  try {
    return parseContextOptions(pairs);
  } catch (cause) {
    throw new UsageError(errorText(cause), { cause });
  }
}

/** An option that a person may give several times: any of its values then fits. */
export function anyOf<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, `${description}; may be repeated`)
    .argParser(collect)
    .default([] as string[], 'all');
}

/** An option that is a point in time: `parseTime` in cli/shared/time.ts. Gives milliseconds since the epoch. */
export function timeOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).argParser((text: string) =>
    parseTime(longName(flags), text, Date.now()),
  );
}

/** An option that is a length of time: `parseDuration` in cli/shared/time.ts. Gives milliseconds. */
export function durationOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).argParser((text: string) => parseDuration(longName(flags), text));
}

/**
 * An option that is a whole number.
 *
 * @param min @default 1
 */
export function numberOption<Flags extends string>(
  flags: Flags,
  description: string,
  { min = 1, max }: { min?: number; max: number },
) {
  return new Option(flags, description).argParser((text: string) =>
    parseWholeNumber(longName(flags), text, max, min),
  );
}

/** An option that is a number above 0. */
export function positiveOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).argParser((text: string) => {
    const number = Number(text);
    if (number > 0 && Number.isFinite(number)) return number;
    throw new UsageError(`${longName(flags)} must be a number above 0, not "${text}".`);
  });
}

/** How many events a second go into queues. */
export const rateOption = numberOption('--rate <n>', `events per second, 1 to ${maxRate}`, {
  max: maxRate,
}).default(defaultRate);

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** An option's name as a person types it. */
function longName(flags: string): string {
  return flags.match(/--[\w-]+/)?.[0] ?? flags;
}
