import type { Command, OptionValues } from '@commander-js/extra-typings';
import { UsageError } from '../shared/command.ts';
import { jsonOption, onDeployment, timeOption } from '../shared/options.ts';
import { assertSpan } from '../shared/time.ts';

/**
 * Gives a command that tells what is known of an id its options.
 *
 * @param revealHelp what `--reveal` shows
 */
export function telling<Args extends unknown[], Options extends OptionValues, Globals extends OptionValues>(
  command: Command<Args, Options, Globals>,
  revealHelp: string,
) {
  return onDeployment(
    command
      .addOption(timeOption('--from <time>', 'search the logs from this time (default: 7d)'))
      .addOption(timeOption('--to <time>', 'search the logs before this time (default: now)'))
      .option('--reveal', `${revealHelp}: they may hold texts and phone numbers`),
  ).addOption(jsonOption);
}

/**
 * Checks what a person asks for.
 *
 * @param span the time in which it is searched
 * @throws UsageError if it can be no id, or if the time begins in the future, or ends before it begins
 */
export function assertQuestion(id: string, span: Parameters<typeof assertSpan>[0], now: number): void {
  if (!/^[\x21-\x7e]+$/.test(id)) throw new UsageError('An id has printable ASCII characters, and no blank.');
  assertSpan(span, now);
}
