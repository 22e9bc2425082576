import { SQSClient } from '@aws-sdk/client-sqs';
import type { WorkerName } from '../../lambda/routing/routes.ts';
import { type Outputs, outputNames } from '../../lib/outputs.ts';
import type { Deployment } from './deployment.ts';

/**
 * The SQS of a deployment, for a person who waits: a call that hangs is tried again after ten seconds.
 * Without `throwOnRequestTimeout` the SDK only warns.
 */
export function createSqs(deployment: Deployment): SQSClient {
  return new SQSClient({
    ...deployment.client('sqs'),
    // The local stack's queue URLs lead to its gateway, which knows functions only.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

/** URL of the queue that a worker works off; undefined where the deployment has no such worker. */
export function queueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[outputNames.queueUrl(worker)];
}

/** URL of the queue where a worker's dead letters rest; undefined where the deployment has no such worker. */
export function deadLetterQueueUrlOf(outputs: Outputs, worker: WorkerName): string | undefined {
  return outputs[outputNames.deadLetterQueueUrl(worker)];
}
