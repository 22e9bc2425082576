import type { Deployment } from '../shared/deployment.ts';
import { WorkerPauses } from '../shared/worker-pauses.ts';
import { DeployedQueues } from '../shared/worker-queues.ts';

/** How long a command waits for Lambda. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const withinMs = 90_000;

/** Gives a command the pauses and the queues of a deployment, and ends their connections after it. */
export async function onWorkers<Result>(
  deployment: Deployment,
  run: (pauses: WorkerPauses, queues: DeployedQueues) => Promise<Result>,
): Promise<Result> {
  const pauses = new WorkerPauses(deployment);
  const queues = new DeployedQueues(deployment);
  try {
    return await run(pauses, queues);
  } finally {
    pauses.close();
    queues.close();
  }
}
