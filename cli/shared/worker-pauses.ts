import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { parseEventSources, type WorkerEventSource } from '../../lambda/pauses/event-sources.ts';
import type { Pause } from '../../lambda/pauses/pause.ts';
import { PauseRecords } from '../../lambda/pauses/pause-records.ts';
import { setPolling, stateOf } from '../../lambda/pauses/polling.ts';
import { outputNames } from '../../lib/outputs.ts';
import { UsageError } from './command.ts';
import type { Deployment } from './deployment.ts';

/** The pauses of a deployment's workers, and their event sources. */
export class WorkerPauses {
  /** None if the deployment is of a version that knew no pauses. */
  readonly sources: readonly WorkerEventSource[];
  readonly #deployment: Deployment;
  readonly #dynamoDb: DynamoDBClient;
  readonly #lambda: LambdaClient;
  readonly #records: PauseRecords;

  constructor(deployment: Deployment) {
    const { outputs } = deployment;
    const text = outputs[outputNames.eventSources];
    this.sources = text === undefined ? [] : parseEventSources(text);
    this.#deployment = deployment;
    this.#dynamoDb = new DynamoDBClient(deployment.client('dynamodb'));
    this.#lambda = new LambdaClient(deployment.client('lambda'));
    this.#records = new PauseRecords(this.#dynamoDb, outputs[outputNames.idempotencyTableName] ?? '');
  }

  /**
   * The event sources of some workers.
   *
   * @throws UsageError if there is no such worker; Error if the deployment is of a version that knew no pauses
   */
  sourcesOf(workers: readonly string[]): WorkerEventSource[] {
    const { name } = this.#deployment;
    if (this.sources.length === 0)
      throw new Error(
        `${name} is of a version that cannot pause workers. Deploy it first: \`npx cdk deploy\`.`,
      );
    return [...new Set(workers)].map((worker) => {
      const source = this.sources.find((each) => each.worker === worker);
      if (source) return source;
      const names = this.sources.map((each) => each.worker).join(', ');
      throw new UsageError(`${name} has no worker "${worker}". --worker takes: ${names}.`);
    });
  }

  /** The pause of a worker; undefined if there is none. */
  async find(worker: string): Promise<Pause | undefined> {
    return this.sources.some((each) => each.worker === worker) ? this.#records.find(worker) : undefined;
  }

  /** The latest pause of a worker, also if it has ended and its events may wait still; undefined if there is none. */
  latest(worker: string): Promise<Pause | undefined> {
    return this.#records.latest(worker);
  }

  put(worker: string, pause: Pause): Promise<void> {
    return this.#records.put(worker, pause);
  }

  /** The state of an event source, in Lambda's words. */
  state({ id }: WorkerEventSource): Promise<string> {
    return stateOf(this.#lambda, id);
  }

  setPolling({ id }: WorkerEventSource, isOn: boolean): Promise<void> {
    return setPolling(this.#lambda, id, isOn);
  }

  /** Ends the connections to AWS. */
  close(): void {
    this.#dynamoDb.destroy();
    this.#lambda.destroy();
  }
}

/**
 * What a person who sends events to a worker should know of its pause.
 *
 * @returns a sentence; undefined if the worker is not paused
 */
export async function pauseNote(
  pauses: Pick<WorkerPauses, 'find'>,
  worker: string,
): Promise<string | undefined> {
  const pause = await pauses.find(worker);
  return (
    pause &&
    `The ${worker} worker is paused until ${new Date(pause.until).toISOString()}: its events wait. Start it with npx zavu-webhooks resume --worker ${worker}.`
  );
}
