import { SQSClient } from '@aws-sdk/client-sqs';
import type { WorkerName } from '../../lambda/routing/routes.ts';
import { type Outputs, outputNames } from '../../lib/outputs.ts';
import type { Deployment } from './deployment.ts';
import { EventQueue } from './event-queue.ts';

/**
 * The SQS of a deployment, for a person who waits: a call that hangs is tried again after ten seconds.
 * Without `throwOnRequestTimeout` the SDK only warns.
 */
function createSqs(deployment: Deployment): SQSClient {
  return new SQSClient({
    ...deployment.client('sqs'),
    // The local run's queue URLs lead to its own endpoint, which takes the calls of functions only.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

/** The queues of a deployment. */
export class DeployedQueues {
  readonly #sqs: SQSClient;
  readonly #deployment: Deployment;

  constructor(deployment: Deployment) {
    this.#sqs = createSqs(deployment);
    this.#deployment = deployment;
  }

  /**
   * The queue that a worker takes its events from.
   *
   * @throws Error if the deployment has no such worker yet
   */
  ofWorker(name: WorkerName): EventQueue {
    const queue = this.#at(queueUrlOf(this.#deployment.outputs, name));
    if (!queue) {
      throw new Error(
        `${this.#deployment.name} has no queue for the ${name} worker. Deploy it: \`npx cdk deploy\`.`,
      );
    }
    return queue;
  }

  /** The queue of a worker's dead letters; undefined if the deployment has no such worker yet. */
  ofDeadLetters(name: WorkerName): EventQueue | undefined {
    return this.#at(deadLetterQueueUrlOf(this.#deployment.outputs, name));
  }

  /** The queue of unrouted events; undefined if the deployment is of a version that had none. */
  ofUnrouted(): EventQueue | undefined {
    return this.#at(this.#deployment.outputs.UnroutedQueueUrl);
  }

  /** Ends the connections to SQS. */
  close(): void {
    this.#sqs.destroy();
  }

  #at(url: string | undefined): EventQueue | undefined {
    return url ? new EventQueue(this.#sqs, url) : undefined;
  }
}

/** URL of the queue that a worker takes its events from; undefined if the deployment has no such worker. */
export function queueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[outputNames.queueUrl(worker)];
}

/** URL of the queue of a worker's dead letters; undefined if the deployment has no such worker. */
function deadLetterQueueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[outputNames.deadLetterQueueUrl(worker)];
}
