import { SQSClient } from '@aws-sdk/client-sqs';
import type { WorkerName } from '../../lambda/routing/routes.ts';
import type { Deployment } from './deployment.ts';

/**
 * The SQS of a deployment, for a person who waits: a call that hangs is tried again after ten seconds.
 * Without `throwOnRequestTimeout` the SDK only warns.
 */
export function createSqs(deployment: Deployment): SQSClient {
  return new SQSClient({
    ...deployment.client('sqs'),
    // The local stack's queue URLs lead to the endpoint that its functions call, which knows functions only.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

type Outputs = Deployment['outputs'];

/** URL of the queue that a worker works off; undefined where the deployment has no such worker. */
export function queueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[`${capitalized(worker)}QueueUrl`];
}

/** URL of the queue where a worker's dead letters rest; undefined where the deployment has no such worker. */
export function deadLetterQueueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[`${capitalized(worker)}DeadLetterQueueUrl`];
}

/** As `lib/webhook-stack.ts` begins the names of a worker's outputs. */
function capitalized(name: WorkerName): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
