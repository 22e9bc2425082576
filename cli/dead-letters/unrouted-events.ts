import type { Message } from '@aws-sdk/client-sqs';
import type { Routes } from '../../lambda/routing/routes.ts';
import type { QueueCommand } from './queue-command.ts';
import { noWorker } from './redrive-source.ts';
import { readStoredMessage, type StoredMessage } from './stored-message.ts';
import { destinationOfUnrouted, noReason, unroutedReasons, whyItStays } from './unrouted-destination.ts';

/** `npx zavu-webhooks unrouted`: one queue, whose events may belong to any worker by now, or to none. */
export const unroutedEvents: QueueCommand = {
  name: 'unrouted',
  description: 'Events that no worker may handle as they are stay in the unrouted queue, for 14 days.',
  redriveHelp:
    'Sends each to the worker that handles its type in the deployment. The others stay, and are counted. An event that ' +
    'does not say whose it is, or how old it is, goes only if --reason names that',
  workerHelp: `events that this worker of the deployment handles now; "${noWorker}" for events that still no worker handles`,
  reasonHelp: `${unroutedReasons.join(', ')}; "${noReason}" for events of an earlier version, which wrote no reason`,
  noun: 'unrouted event',
  dated: 'received',
  workers: ({ routes, workers }) => [...(routes ? workers : []), noWorker],
  redriveNeedsRoutes: true,
  // Nothing has failed at them, so they have no errors.
  filters: ['worker', 'type', 'reason', 'id', 'from', 'to'],
  headline: ({ count, reason }) => `${count} x ${reason === noReason ? 'unrouted' : reason}`,
  nextStep({ worker, reason, stays, example }) {
    switch (stays) {
      case undefined:
        return {
          why: `The ${worker} worker handles them now:`,
          words: ['redrive', '--worker', worker, '--reason', reason],
        };
      case 'unrouted':
        return {
          why: 'No worker handles these types. Route them in your table of handlers, deploy, then:',
          words: ['redrive', '--reason', reason],
        };
      default:
        return {
          why: `Stays: ${whyItStays(stays, { reason, type: '' })}`,
          words: ['show', '--id', example, '--reveal'],
        };
    }
  },
  sources(queues) {
    const queue = queues.ofUnrouted();
    if (!queue) return [];
    return [
      {
        name: 'unrouted',
        queue,
        // An event that is redriven from here and fails becomes a dead letter.
        failuresComeBack: false,
        read: (message) => readUnrouted(message, queues.routes),
        destination: (message, named) => destinationOfUnrouted(message, named, queues.routes),
        workerQueue: (worker) => queues.ofWorker(worker),
      },
    ];
  },
};

/**
 * Reads a message of the unrouted queue.
 *
 * @param routes the deployment's; undefined if it does not tell them
 */
export function readUnrouted(message: Message, routes: Routes | undefined): StoredMessage {
  return readStoredMessage(message, {
    workerFor: (type) => routes?.workerFor(type) ?? noWorker,
    reasonIfMissing: noReason,
  });
}
