import type { DeployedQueues } from '../shared/worker-queues.ts';
import { adviceFor, deadLetterReasons, movedBySqs } from './dead-letter-reasons.ts';
import type { QueueCommand } from './queue-command.ts';
import type { RedriveSource } from './redrive-source.ts';
import { errorClass, readStoredMessage } from './stored-message.ts';
import { whyItStays } from './unrouted-destination.ts';
import { sharedUsage } from './usage.ts';

/** Words in lines that stand below each other in the help. */
function inLines(words: readonly string[]): string {
  const lines = Array.from({ length: Math.ceil(words.length / 5) }, (_, line) =>
    words.slice(line * 5, line * 5 + 5).join(', '),
  );
  return lines.join(`,\n${' '.repeat(23)}`);
}

const usage = `npx zavu-webhooks dead-letters [list|show|redrive|discard|export <file>] [options]

Events that failed for good are kept in a dead-letter queue per worker, for 14 days.
  list      counts them by worker, reason and error, and says what to do about each group (the default)
  show      shows single dead letters: --id <id>
  redrive   sends them back to their worker, which handles them as if they had just come. It is always safe: an event
            that was handled after all is recognized, and an event that fails again comes back
  discard   deletes them for good
  export    writes them into a file, one JSON object a line, with texts and phone numbers; only you may read it

Only for dead letters:
  --worker <name>      a worker of the deployment
  --reason <reason>    ${inLines(Object.keys(deadLetterReasons))}
  --error <class>      as list shows it

${sharedUsage('failed')}`;

/** `npx zavu-webhooks dead-letters`: a queue for each worker. */
export const deadLetters: QueueCommand = {
  name: 'dead-letters',
  usage,
  noun: 'dead letter',
  dated: 'failed',
  workers: (queues) => queues.workers,
  redriveNeedsRoutes: false,
  filters: ['worker', 'type', 'reason', 'error', 'id', 'since'],
  headline: ({ count, reason, error }) => `${count} x ${reason}${error === 'none' ? '' : `, error ${error}`}`,
  nextStep({ worker, reason, error, stays, example }) {
    if (stays) {
      return { why: `Stays: ${whyItStays(stays, { reason, type: '' })}`, words: ['show', '--id', example] };
    }
    const why = adviceFor(reason);
    if (reason === 'malformed_message') return { why, words: ['show', '--id', example, '--reveal'] };
    // With `--reveal`, the error has its message.
    const shown = error.includes(': ') ? errorClass(error) : error;
    const byError = shown === 'none' ? [] : ['--error', shown];
    return { why, words: ['redrive', '--worker', worker, '--reason', reason, ...byError] };
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
