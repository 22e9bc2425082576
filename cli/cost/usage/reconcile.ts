import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import type { Traffic } from '../traffic.ts';
import { gigabyte, secondsAMonth, type Usage } from '../units.ts';
import { workerUsage } from './functions.ts';
import { queueUsage } from './queues.ts';
import { idempotencyUsage, messagesUsage } from './tables.ts';

/** The reconciler runs every hour (lib/reconcile/reconciler.ts). */
const runs = secondsAMonth / 3_600;
/** What a walk skips because it is not settled yet, and what it looks at, in hours. */
const walkedHours = longestLadder.seconds / 3_600 + 2;
/** Objects of a page of Zavu's. */
const pageSize = 100;
/** What a run asks at least: who the key is, a page of each list, the senders. */
const minRequests = 10;
/** No run is longer (lib/reconcile/reconciler.ts). */
const maxRunSeconds = 855;

/** What the reconciler uses while nothing is missing. */
export function reconcileUsage(
  shape: StackShape,
  { events }: Traffic,
  { durations, bytes, eventsPerItem }: Assumptions,
): Usage[] {
  const { reconciler, isTraced } = shape;
  if (!reconciler) return [];
  const component = 'reconcile';
  const objects = events / eventsPerItem;
  const pages = (objects / secondsAMonth) * 3_600 * (walkedHours / pageSize);
  const requests = minRequests + pages;
  const seconds = Math.min(
    Math.max(
      (requests * durations.reconciler.requestMs) / 1000,
      (requests / reconciler.requestsPerMinute - 1) * 60,
    ),
    maxRunSeconds,
  );
  const perRun = durations.reconciler.initMs / 1000 + seconds;
  return [
    { component, price: 'lambdaRequests', units: runs },
    { component, price: 'lambdaCompute', units: (runs * perRun * reconciler.memoryMb) / 1024 },
    { component, price: 'secretCalls', units: runs },
    // Each object is looked up once, and a quarter of them again: a walk overlaps the one before.
    { component, price: 'dynamoReads', units: objects * 1.25 + runs * minRequests },
    // The lease and the progress, with each page.
    { component, price: 'dynamoWrites', units: 2 * runs * requests },
    // A line about the run, and one about its project. Each is shorter than one about a request.
    { component, price: 'logs', units: (runs * 2 * bytes.receiverLogs) / gigabyte },
    { component, price: 'traces', units: isTraced ? runs : 0 },
  ];
}

/**
 * What recovered events use at most: all that an event uses behind the receiver, and the claim of its subject.
 *
 * @param traffic the recovered events
 */
export function recoveredUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  return [
    ...queueUsage(shape, traffic, assumptions).filter(({ component }) => component === 'SQS'),
    ...workerUsage(shape, traffic, assumptions),
    ...idempotencyUsage(shape, traffic, assumptions),
    ...messagesUsage(shape, traffic, assumptions),
    { component: 'reconcile', price: 'dynamoWrites', units: traffic.events },
  ];
}
