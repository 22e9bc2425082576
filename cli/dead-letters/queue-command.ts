import type { DeployedQueues } from '../shared/worker-queues.ts';
import type { FailureGroup } from './groups.ts';
import type { RedriveSource } from './redrive-source.ts';

/** What differs between `npx zavu-webhooks dead-letters` and `npx zavu-webhooks unrouted`. */
export interface QueueCommand {
  /** What it is called after `npx zavu-webhooks`. */
  name: string;
  /** What the messages are, and where they stay. */
  description: string;
  /** What a redrive does, for the help. */
  redriveHelp: string;
  /** What `--worker` and `--reason` take, for the help. */
  workerHelp: string;
  reasonHelp: string;
  /** What one of its messages is called. */
  noun: string;
  /** What happened to a message at the time that is shown of it. */
  dated: 'failed' | 'received';
  /** What `--worker` takes on a deployment, and the order of its groups in a list. */
  workers(queues: DeployedQueues): readonly string[];
  /** Whether every redrive asks which worker handles a type now. */
  redriveNeedsRoutes: boolean;
  /** The options that choose messages. */
  filters: readonly FilterOption[];
  /** The first line about a group in a list. */
  headline(group: FailureGroup): string;
  /** What to do about a group: a sentence, and the words of the command for it. */
  nextStep(group: FailureGroup): NextStep;
  /**
   * The queues whose messages it is about.
   *
   * @param workers only the queues that may hold messages of these workers; all queues if it is empty
   */
  sources(queues: DeployedQueues, workers: readonly string[]): RedriveSource[];
}

type FilterOption = 'worker' | 'type' | 'reason' | 'error' | 'place' | 'id' | 'from' | 'to';

interface NextStep {
  why: string;
  words: readonly string[];
}
