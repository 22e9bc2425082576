import { SQSClient } from '@aws-sdk/client-sqs';
import type { Routes } from '../../lambda/routing/routes.ts';
import { outputNames } from '../../lib/outputs.ts';
import type { Deployment } from './deployment.ts';
import { EventQueue } from './event-queue.ts';
import { readRoutes, workersOf } from './routes.ts';

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

/** The workers of a deployment, and its queues. */
export class DeployedQueues {
  /** Which worker handles which event type; undefined if the deployment is of a version that did not tell it. */
  readonly routes: Routes | undefined;
  /** The names of the workers. Each has its queues. */
  readonly workers: readonly string[];
  readonly #sqs: SQSClient;
  readonly #deployment: Deployment;

  /** @throws Error if a worker lacks a queue among the outputs, or if the routes cannot be read */
  constructor(deployment: Deployment) {
    this.routes = readRoutes(deployment);
    this.workers = workersOf(deployment);
    this.#sqs = createSqs(deployment);
    this.#deployment = deployment;
  }

  /**
   * The queue that a worker takes its events from.
   *
   * @throws Error if the deployment has no such worker
   */
  ofWorker(name: string): EventQueue {
    return this.#at(name, this.#deployment.outputs[outputNames.queueUrl(name)]);
  }

  /**
   * The queue of a worker's dead letters.
   *
   * @throws Error if the deployment has no such worker
   */
  ofDeadLetters(name: string): EventQueue {
    return this.#at(name, this.#deployment.outputs[outputNames.deadLetterQueueUrl(name)]);
  }

  /** The queue of unrouted events; undefined if the deployment is of a version that had none. */
  ofUnrouted(): EventQueue | undefined {
    const url = this.#deployment.outputs.UnroutedQueueUrl;
    return url ? new EventQueue(this.#sqs, url) : undefined;
  }

  /** Ends the connections to SQS. */
  close(): void {
    this.#sqs.destroy();
  }

  #at(worker: string, url: string | undefined): EventQueue {
    if (url) return new EventQueue(this.#sqs, url);
    throw new Error(
      `${this.#deployment.name} has no ${worker} worker. It has: ${this.workers.join(', ')}. Deploy it: \`npx cdk deploy\`.`,
    );
  }
}
