import { nearest } from '../../lib/nearest.ts';
import { createCommand, endingBy, UsageError } from '../shared/command.ts';
import { findDeployment } from '../shared/deployment.ts';
import { interruption } from '../shared/interruption.ts';
import { jsonOption, rateOption } from '../shared/options.ts';
import { deployFirst, routesOf } from '../shared/routes.ts';
import { timeNote } from '../shared/time.ts';
import { WorkerPauses } from '../shared/worker-pauses.ts';
import { DeployedQueues } from '../shared/worker-queues.ts';
import type { Filter } from './filter.ts';
import { createProgressBar } from './progress-bar.ts';
import type { QueueCommand } from './queue-command.ts';
import type { Query } from './scan-queues.ts';
import { assertChosen, filterOf, type SelectionOptions, selecting } from './selection.ts';
import { queueNotes } from './usage.ts';
import { runDiscard, runExport, runList, runRedrive, runShow, type VerbContext } from './verbs.ts';

const names = ['list', 'show', 'redrive', 'discard', 'export'];

/** What is run for `npx zavu-webhooks dead-letters` or `npx zavu-webhooks unrouted`. */
export function createQueueCommand(command: QueueCommand) {
  const { name, description } = command;
  return createCommand(name, {
    examples: [
      [name, 'counts them, by what went wrong'],
      [`${name} list --worker inbound --from 6h --details`, 'single ones of a worker, of the last six hours'],
      [`${name} show --id evt_1 --reveal`, 'one of them, with its body'],
      [`${name} redrive --all --dry-run`, 'how many a redrive would send'],
    ],
    notes: queueNotes,
  })
    .description(description)
    .addCommand(listVerb(command), { isDefault: true })
    .addCommand(showVerb(command))
    .addCommand(redriveVerb(command))
    .addCommand(discardVerb(command))
    .addCommand(exportVerb(command));
}

function listVerb(command: QueueCommand) {
  return (
    selecting(createVerb('list'), command)
      .description('Counts them by what went wrong, and says what to do about each group')
      .option('--details', 'the single messages, too')
      .option('--reveal', 'errors with their messages, which may hold texts and phone numbers')
      .addOption(jsonOption)
      // It also runs if there is no verb. A word that is no verb is then its argument, and is refused below.
      .allowExcessArguments(true)
      .action(
        endingBy(async (options, verb) => {
          assertVerb(verb.args[0]);
          return onQueues(command, options, filterOf(options), (context) => runList(context, options));
        }),
      )
  );
}

function showVerb(command: QueueCommand) {
  return selecting(createVerb('show'), command)
    .description('Shows single ones: --id <id>')
    .option('--reveal', 'bodies, and errors with their messages: they hold texts and phone numbers')
    .addOption(jsonOption)
    .action(
      endingBy(async (options) => {
        if (options.id.length === 0) throw new UsageError('Say which one to show: --id <id>.');
        return onQueues(command, options, filterOf(options), (context) => runShow(context, options));
      }),
    );
}

function redriveVerb(command: QueueCommand) {
  return selecting(createVerb('redrive'), command)
    .description(command.redriveHelp)
    .option('--all', 'all of them, if you give no filter')
    .addOption(rateOption)
    .option('--dry-run', 'only say how many')
    .addOption(jsonOption)
    .action(
      endingBy(async (options) => {
        const filter = filterOf(options);
        assertChosen(filter, command, options.all);
        return onQueues(
          command,
          options,
          filter,
          (context) => runRedrive(context, options),
          command.redriveNeedsRoutes,
        );
      }),
    );
}

function discardVerb(command: QueueCommand) {
  return selecting(createVerb('discard'), command)
    .description('Deletes them for good')
    .option('--all', 'all of them, if you give no filter')
    .option('--yes', 'do not ask')
    .option('--export <file>', 'write each message into a file before it is deleted')
    .option('--dry-run', 'only say how many')
    .addOption(jsonOption)
    .action(
      endingBy(async (options) => {
        const filter = filterOf(options);
        assertChosen(filter, command, options.all);
        return onQueues(command, options, filter, (context) => runDiscard(context, options));
      }),
    );
}

function exportVerb(command: QueueCommand) {
  return selecting(createVerb('export').argument('<file>', 'only you may read it'), command)
    .description('Writes them into a file, one JSON object a line, with texts and phone numbers')
    .addOption(jsonOption)
    .action(
      endingBy(async (file, options) =>
        onQueues(command, options, filterOf(options), (context) => runExport(context, file, options)),
      ),
    );
}

function createVerb(name: string) {
  return createCommand(name, { notes: [timeNote] });
}

/** @throws UsageError if a word stands where a verb should */
function assertVerb(word: string | undefined): void {
  if (word === undefined || word === 'list') return;
  const near = nearest(word, names);
  throw new UsageError(
    `"${word}" is none of ${names.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  );
}

/** Runs a verb on the queues that a command is about. */
async function onQueues(
  command: QueueCommand,
  options: SelectionOptions,
  filter: Filter,
  run: (context: VerbContext) => Promise<boolean>,
  needsRoutes = false,
): Promise<boolean> {
  const { stage, stack, profile, region, port, limit } = options;
  const choice = { stage, stack, profile, region, port };
  const deployment = await findDeployment(choice);
  const queues = new DeployedQueues(deployment);
  const pauses = new WorkerPauses(deployment);
  try {
    const workers = command.workers(queues);
    const unknown = filter.workers.find((worker) => !workers.includes(worker));
    if (unknown) {
      throw new UsageError(
        `${deployment.name} has no worker "${unknown}". --worker takes: ${workers.join(', ')}.`,
      );
    }
    if (needsRoutes) routesOf(deployment);
    const sources = command.sources(queues, filter.workers);
    if (sources.length === 0) {
      throw new Error(`${deployment.name} has no queue of ${command.noun}s. ${deployFirst}`);
    }
    const signal = interruption(
      'Finishing the messages in hand and releasing the others. Ctrl-C again ends at once.',
    );
    const query: Query = { sources, filter, limit, signal, onProgress: createProgressBar() };
    return await run({ query, pauses, command, workers, deployment: choice });
  } finally {
    queues.close();
    pauses.close();
  }
}
