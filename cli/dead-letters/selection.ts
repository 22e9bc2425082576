import type { Command, OptionValues } from '@commander-js/extra-typings';
import { UsageError } from '../shared/command.ts';
import { anyOf, numberOption, onDeployment, timeOption } from '../shared/options.ts';
import type { DeploymentChoice } from '../shared/stack-name.ts';
import { assertSpan } from '../shared/time.ts';
import { type Filter, isOpen } from './filter.ts';
import type { QueueCommand } from './queue-command.ts';

/** The options of every verb: which messages, of which deployment. */
export interface SelectionOptions extends DeploymentChoice {
  worker: string[];
  type: string[];
  reason: string[];
  /** Only of dead letters: nothing has failed at unrouted events. */
  error?: string[];
  place?: string[];
  id: string[];
  /** Milliseconds since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
  /** The greatest number of messages of a queue that are looked at. */
  limit: number;
}

/** SQS lets 120,000 messages of a queue be in flight. This leaves some to others. */
const maxMessages = 100_000;

/** Gives a verb the options that choose messages, and the deployment. */
export function selecting<Args extends unknown[], Options extends OptionValues, Globals extends OptionValues>(
  verb: Command<Args, Options, Globals>,
  { dated, filters, workerHelp, reasonHelp }: QueueCommand,
) {
  const chosen = verb
    .addOption(anyOf('--worker <name>', workerHelp))
    .addOption(anyOf('--type <type>', 'event type'))
    .addOption(anyOf('--reason <reason>', reasonHelp));
  if (filters.includes('error')) chosen.addOption(anyOf('--error <class>', 'as list shows it'));
  if (filters.includes('place'))
    chosen.addOption(
      anyOf('--place <place>', 'file, line and column in the code that failed, as list shows it'),
    );
  return onDeployment(
    chosen
      .addOption(anyOf('--id <id>', 'event id, or SQS message id'))
      .addOption(timeOption('--from <time>', `${dated} at this time or later`))
      .addOption(timeOption('--to <time>', `${dated} before this time`))
      .addOption(
        numberOption('--limit <n>', 'read at most n messages of each queue', {
          max: maxMessages,
        }).default(maxMessages),
      ),
  );
}

/**
 * The filter that options make.
 *
 * @throws UsageError if it begins in the future, or ends before it begins
 */
export function filterOf(options: SelectionOptions, now = Date.now()): Filter {
  const { worker, type, reason, error = [], place = [], id, from, to } = options;
  assertSpan(options, now);
  return { workers: worker, types: type, reasons: reason, errors: error, places: place, ids: id, from, to };
}

/**
 * Nobody sends or deletes everything by leaving out a filter: that takes `--all`.
 *
 * @throws UsageError if there is neither, or both
 */
export function assertChosen(
  filter: Filter,
  { noun, filters }: QueueCommand,
  saysAll: boolean | undefined,
): void {
  const isAll = isOpen(filter);
  if (isAll && !saysAll) {
    throw new UsageError(`Say which ${noun}s: ${filters.map((name) => `--${name}`).join(', ')}, or --all.`);
  }
  if (!isAll && saysAll) throw new UsageError('--all and a filter contradict each other: leave one out.');
}
