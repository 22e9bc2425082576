import { eventHandle } from '../../local/aws/sqs/event-handle.ts';
import type { Deployment } from '../shared/deployment.ts';
import { DeployedQueues } from '../shared/worker-queues.ts';

/** What SQS answers for a handle of none of its messages, and what an SQS answers that knows no such handles. */
const notInFlight = 'MessageNotInflight';
const unknownHandle = /ReceiptHandle|InvalidIdFormat|InvalidParameterValue/;

/**
 * Makes an event that waits for its next attempt come at once.
 *
 * @param deployment the local run: SQS on AWS shows nobody a message that another has received
 * @param eventId as Zavu names it
 * @returns the workers that get it now; none if no message in flight holds it
 * @throws Error if the local run's queues are those of an SQS that runs elsewhere
 */
export async function retryNow(deployment: Deployment, eventId: string): Promise<string[]> {
  const queues = new DeployedQueues(deployment);
  try {
    const found: string[] = [];
    for (const worker of queues.workers) {
      if (await isShown(queues, worker, eventId)) found.push(worker);
    }
    return found;
  } finally {
    queues.close();
  }
}

async function isShown(queues: DeployedQueues, worker: string, eventId: string): Promise<boolean> {
  try {
    await queues.ofWorker(worker).hide(eventHandle(eventId), 0);
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name.includes(notInFlight)) return false;
    if (!unknownHandle.test(name)) throw error;
    throw new Error(
      '$SQS_ENDPOINT names an SQS that runs elsewhere, and that shows no single message before its time. ' +
        'Start the local run without $SQS_ENDPOINT, or wait.',
      { cause: error },
    );
  }
}
