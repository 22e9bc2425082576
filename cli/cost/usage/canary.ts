import type { Assumptions } from '../assumptions.ts';
import { calls } from '../calls.ts';
import type { StackShape } from '../stack-shape.ts';
import { gigabyte, secondsAMonth, type Usage } from '../units.ts';

/** The canary runs every five minutes (lib/canary/canary.ts). */
const runs = secondsAMonth / 300;

/** What the canary uses: its own runs, and the event that each run sends to every worker. */
export function canaryUsage(shape: StackShape, { durations, bytes }: Assumptions): Usage[] {
  const { canaryMb, workers, receiverMb, isTraced } = shape;
  if (canaryMb === undefined) return [];
  const component = 'canary';
  const events = runs * workers.length;
  const workerMs = durations.worker.batchMs + durations.worker.eventMs;
  const workerMb = workers[0]?.memoryMb ?? 0;
  const compute =
    runs * durations.canary.invocationMs * canaryMb +
    events * (durations.receiver.invocationMs * receiverMb + workerMs * workerMb);
  const eventLogs = bytes.accessLog + bytes.receiverLogs + bytes.workerLogs;
  // A run logs a line for each worker, which is about as long as one about a request.
  const logged = events * (eventLogs + bytes.receiverLogs);
  return [
    { component, price: 'lambdaRequests', units: runs + 2 * events },
    { component, price: 'lambdaCompute', units: compute / 1000 / 1024 },
    { component, price: 'secretCalls', units: runs },
    { component, price: 'httpApi', units: events },
    { component, price: 'sqsRequests', units: 3 * events },
    { component, price: 'dynamoWrites', units: events * Object.keys(calls.worker.event).length },
    // It looks for each event until the event is handled: twice in most runs.
    { component, price: 'dynamoReads', units: events * 2 },
    { component, price: 'logs', units: logged / gigabyte },
    // At most all of them: if little else comes, Lambda records every request and its batch.
    { component, price: 'traces', units: isTraced ? runs + 2 * events : 0 },
  ];
}
