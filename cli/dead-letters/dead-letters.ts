import type { DeployedQueues } from '../shared/worker-queues.ts';
import { adviceFor, deadLetterReasons, movedBySqs } from './dead-letter-reasons.ts';
import type { QueueCommand } from './queue-command.ts';
import type { RedriveSource } from './redrive-source.ts';
import { errorClass, readStoredMessage } from './stored-message.ts';
import { whyItStays } from './unrouted-destination.ts';

/** `npx zavu-webhooks dead-letters`: a queue for each worker. */
export const deadLetters: QueueCommand = {
  name: 'dead-letters',
  description: 'Events that failed for good are kept in a dead-letter queue per worker, for 14 days.',
  redriveHelp:
    'Sends them back to their worker, which handles them as if they had just come. It is always safe: an event that was ' +
    'handled after all is recognized, and an event that fails again comes back',
  workerHelp: 'a worker of the deployment',
  reasonHelp: Object.keys(deadLetterReasons).join(', '),
  noun: 'dead letter',
  dated: 'failed',
  workers: (queues) => queues.workers,
  redriveNeedsRoutes: false,
  filters: ['worker', 'type', 'reason', 'error', 'place', 'id', 'from', 'to'],
  headline: ({ count, reason, error, place }) =>
    `${count} x ${reason}${error === 'none' ? '' : `: ${error}`}${place === '' ? '' : ` at ${place}`}`,
  nextStep({ worker, reason, error, place, stays, example }) {
    if (stays) {
      return { why: `Stays: ${whyItStays(stays, { reason, type: '' })}`, words: ['show', '--id', example] };
    }
    const why = adviceFor(reason);
    if (reason === 'malformed_message') return { why, words: ['show', '--id', example, '--reveal'] };
    // With `--reveal`, the error has its message.
    const shown = error.includes(': ') ? errorClass(error) : error;
    const byError = shown === 'none' ? [] : ['--error', shown];
    const byPlace = place === '' ? [] : ['--place', place];
    return { why, words: ['redrive', '--worker', worker, '--reason', reason, ...byError, ...byPlace] };
  },
  sources: (queues, workers) =>
    queues.workers
      .filter((name) => workers.length === 0 || workers.includes(name))
      .map((name) => sourceOf(queues, name)),
};

function sourceOf(queues: DeployedQueues, name: string): RedriveSource {
  const reading = { workerFor: () => name, reasonIfMissing: movedBySqs };
  return {
    name,
    queue: queues.ofDeadLetters(name),
    failuresComeBack: true,
    read: (message) => readStoredMessage(message, reading),
    destination({ reason, type }) {
      if (reason !== 'no_handler') return { worker: name };
      // An event that came to this worker and belongs to another by now would only come back.
      return queues.routes ? { worker: queues.routes.workerFor(type) ?? name } : { stays: 'routes_unknown' };
    },
    workerQueue: (worker) => queues.ofWorker(worker),
  };
}
