import { type WorkerName, workerFor, workerNames } from '../../lambda/routing/routes.ts';
import { deadLetterQueueUrlOf } from '../shared/worker-queues.ts';
import type { Facts, StoredMessage } from './stored-message.ts';
import { type Destination, destinationOfUnrouted } from './unrouted-destination.ts';

/** A queue where letters rest, whose they are and where they may go. */
export interface RedriveSource {
  name: string;
  url: string;
  /** Whether an event that is redriven from here and fails again comes back here. */
  failuresComeBack: boolean;
  /** Whose letter it is; undefined where nobody handles its type. */
  owner(facts: Facts): WorkerName | undefined;
  /** Where a redrive sends it, given the reasons that were named. */
  destination(letter: StoredMessage, reasons: readonly string[]): Destination;
}

/** Events that no worker handles belong to this name. */
export const nobody = 'nobody';

/** What a command is about. */
export interface Kind {
  command: 'dead-letters' | 'unrouted';
  noun: string;
  /** What `--worker` takes. */
  workers: readonly string[];
  /** Those of a deployment's outputs, and of the workers that are asked for: all of them where none is. */
  redriveSources(outputs: Readonly<Record<string, string>>, workers: readonly string[]): RedriveSource[];
}

export const deadLetters: Kind = {
  command: 'dead-letters',
  noun: 'dead letter',
  workers: workerNames,
  redriveSources: (outputs, workers) =>
    workerNames
      .filter((name) => workers.length === 0 || workers.includes(name))
      .flatMap((name) => {
        const url = deadLetterQueueUrlOf(outputs, name);
        const owner = () => name;
        // An event that came to this worker and is another's by now would only come back.
        const destination = ({ reason, type }: Facts) => ({
          worker: reason === 'no_handler' ? (workerFor(type) ?? name) : name,
        });
        return url ? [{ name, url, failuresComeBack: true, owner, destination }] : [];
      }),
};

export const unroutedEvents: Kind = {
  command: 'unrouted',
  noun: 'unrouted event',
  workers: [...workerNames, nobody],
  redriveSources(outputs) {
    const url = outputs.UnroutedQueueUrl;
    const owner = ({ type }: Facts) => workerFor(type);
    return url
      ? [{ name: 'unrouted', url, failuresComeBack: false, owner, destination: destinationOfUnrouted }]
      : [];
  },
};
