import { type Command, type ErrorHint, UsageError } from '../shared/command.ts';
import { findDeployment } from '../shared/deployment.ts';
import { interruption } from '../shared/interruption.ts';
import { deployFirst, routesOf } from '../shared/routes.ts';
import { DeployedQueues } from '../shared/worker-queues.ts';
import { parseOptions } from './options.ts';
import { createProgressBar } from './progress-bar.ts';
import type { QueueCommand } from './queue-command.ts';
import { verbs } from './verbs.ts';

const errorHints: readonly ErrorHint[] = [
  [
    /AccessDenied/,
    'You need sqs:GetQueueAttributes, ReceiveMessage, ChangeMessageVisibility and DeleteMessage on the queues that this ' +
      "command reads, and sqs:SendMessage on the workers' queues.",
  ],
  [
    /QueueDoesNotExist|NonExistentQueue/,
    "The stack's outputs name a queue that is not there: `npx cdk deploy` creates it again.",
  ],
];

/** What is run for `npx zavu-webhooks dead-letters` or `npx zavu-webhooks unrouted`. */
export function toCommand(command: QueueCommand): Command {
  const { name, usage } = command;
  return { name, usage, errorHints, run: (args) => run(command, args) };
}

async function run(command: QueueCommand, args: readonly string[]): Promise<boolean> {
  const options = parseOptions(args, command, Date.now());
  const { filter, limit } = options;
  const deployment = await findDeployment(options.deployment);
  const queues = new DeployedQueues(deployment);
  try {
    const workers = command.workers(queues);
    const unknown = filter.workers.find((worker) => !workers.includes(worker));
    if (unknown) {
      throw new UsageError(
        `${deployment.name} has no worker "${unknown}". --worker takes: ${workers.join(', ')}.`,
      );
    }
    if (options.verb === 'redrive' && command.redriveNeedsRoutes) routesOf(deployment);
    const sources = command.sources(queues, filter.workers);
    if (sources.length === 0) {
      throw new Error(`${deployment.name} has no queue of ${command.noun}s. ${deployFirst}`);
    }
    const signal = interruption(
      'Finishing the messages in hand and releasing the others. Ctrl-C again ends at once.',
    );
    const query = { sources, filter, limit, signal, onProgress: createProgressBar() };
    const isWell = await verbs[options.verb](query, options, command, workers);
    return isWell && !signal.aborted;
  } finally {
    queues.close();
  }
}
