import type { Pause } from '../../lambda/pauses/pause.ts';
import { isPolling } from '../../lambda/pauses/polling.ts';
import { table } from '../shared/table.ts';
import type { WorkerPauses } from '../shared/worker-pauses.ts';
import type { DeployedQueues } from '../shared/worker-queues.ts';
import { duration } from './duration.ts';

/** What is known of a worker and its pause. Times are ISO 8601. */
interface WorkerState {
  worker: string;
  isPaused: boolean;
  /** Missing if there is no record: somebody stopped the event source in another way. */
  since?: string;
  until?: string;
  /** Events that wait, those that back off, and those that the worker has in hand, by SQS's own figures. */
  waiting: number;
  hidden: number;
}

/** Asks for the state of every worker. */
export async function workerStates(
  pauses: Pick<WorkerPauses, 'sources' | 'find' | 'state'>,
  queues: Pick<DeployedQueues, 'ofWorker'>,
): Promise<WorkerState[]> {
  return Promise.all(
    pauses.sources.map(async (source) => {
      const { worker } = source;
      const [pause, state, { visible, hidden }] = await Promise.all([
        pauses.find(worker),
        pauses.state(source),
        queues.ofWorker(worker).figures(),
      ]);
      const isPaused = pause !== undefined || isPolling(state) === false;
      return { worker, isPaused, ...(pause && times(pause)), waiting: visible, hidden };
    }),
  );
}

function times({ since, until }: Pause) {
  // The keeper ends what nobody can read.
  if (Number.isNaN(since) || Number.isNaN(until)) return {};
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

/** All workers, for a person. */
export function stateTable(states: readonly WorkerState[], now: number): string {
  const rows = states.map(({ worker, isPaused, since, until, waiting, hidden }) => [
    worker,
    isPaused ? 'paused' : 'takes events',
    since ?? (isPaused ? 'unknown' : ''),
    until === undefined ? '' : `${until} (in ${duration(Math.max(0, Date.parse(until) - now))})`,
    String(waiting),
    String(hidden),
  ]);
  const text = table(['worker', 'state', 'since', 'until', 'waiting', 'hidden'], rows, {
    align: ['left', 'left', 'left', 'left', 'right', 'right'],
  });
  const unrecorded = states.filter(({ isPaused, until }) => isPaused && until === undefined);
  const notes = unrecorded.map(
    ({ worker }) =>
      `The event source of the ${worker} worker is off, and no pause is recorded: nobody starts it again unless you do, with npx zavu-webhooks resume --worker ${worker}.`,
  );
  return [text, ...notes].join('\n');
}

/**
 * What a person should know of workers that are paused now.
 *
 * @param note why the pause counts from before its own beginning; undefined if it does not
 */
export function pausedText(
  { worker, until = '', waiting, hidden }: WorkerState,
  isStopped: boolean,
  note: string | undefined,
  now: number,
): string {
  return [
    `The ${worker} worker is paused until ${until} (${duration(Math.max(0, Date.parse(until) - now))}). Then it starts by itself.`,
    ...(note === undefined ? [] : [`  ${note}`]),
    ...(isStopped
      ? []
      : [
          '  Lambda is still stopping: the worker may get events for a minute, and finishes what it has in hand.',
        ]),
    `  ${waiting} events wait, and ${hidden} back off or are in hand. Until then no event is lost, and each still has the time for all of its attempts.`,
    `  Start it before: npx zavu-webhooks resume --worker ${worker}`,
  ].join('\n');
}

/** What a person should know of workers that are resumed. */
export function resumedText({ worker, waiting, hidden }: WorkerState, isStarted: boolean): string {
  const beginning = isStarted
    ? `The ${worker} worker takes events.`
    : `The ${worker} worker will take events: Lambda starts it within a minute.`;
  return `${beginning} ${waiting} events wait, and ${hidden} back off or are in hand. They come all at once: what the worker calls gets as many calls as maxConcurrency allows, and the alarm QueueBacklog may go on until they are handled.`;
}
