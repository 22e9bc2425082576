import type { Assumptions } from '../assumptions.ts';
import { workerShares } from '../shares.ts';
import type { StackShape } from '../stack-shape.ts';
import { batchesOf, requestsOf, type Traffic } from '../traffic.ts';
import { chunksOf, secondsAMonth, type Usage } from '../units.ts';

/**
 * Receives of one empty queue a month: Lambda's five pollers each wait 20 s. `maxConcurrency` does not allow fewer
 * pollers.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const idlePolls = (5 * secondsAMonth) / 20;

/** What the workers' queues use. */
export function queueUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { payloadBytes, batch, events } = traffic;
  const batches = batchesOf(traffic, assumptions);
  const sends = requestsOf(traffic, assumptions) * chunksOf(payloadBytes);
  const receives = batches * chunksOf(payloadBytes * batch);
  const deletes = batches;
  const visibilityChanges = events * assumptions.rates.failedAttempts;
  const shares = workerShares(shape, assumptions);
  const emptyReceives = shape.workers.reduce(
    (sum, { name }) => sum + Math.max(0, idlePolls - batches * (shares[name] ?? 0)),
    0,
  );
  return [
    { component: 'SQS', price: 'sqsRequests', units: sends + receives + deletes + visibilityChanges },
    { component: 'SQS', price: 'sqsFair', units: sends },
    { component: 'idle polling', price: 'sqsRequests', units: emptyReceives },
  ];
}

/** What the event bus uses. */
export function busUsage({ hasBus }: StackShape, { events, payloadBytes }: Traffic): Usage[] {
  return hasBus
    ? [{ component: 'event bus', price: 'busEvents', units: events * chunksOf(payloadBytes) }]
    : [];
}
