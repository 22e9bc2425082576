import type { Assumptions } from '../assumptions.ts';
import { calls } from '../calls.ts';
import type { StackShape } from '../stack-shape.ts';
import { gigabyte, secondsAMonth, type Usage } from '../units.ts';

/** The canary runs every five minutes (lib/canary/canary.ts). */
const canaryRuns = secondsAMonth / 300;

/**
 * What a stack uses in a month however much comes, but for the polling of its queues.
 *
 * @param isUsed whether anything comes: a metric is charged for the hours in which it is reported
 */
export function upkeepOf(shape: StackShape, assumptions: Assumptions, isUsed: boolean): Usage[] {
  const { metricsByDimension, metricsPerWorker } = assumptions;
  const dimensioned = shape.dimensionedMetrics.reduce(
    (sum, name) => sum + (metricsByDimension[name] ?? 1),
    0,
  );
  // The canary's events are log lines too.
  const isReported = isUsed || shape.canaryMb !== undefined;
  const metrics = shape.countedMetrics.length + dimensioned + shape.workers.length * metricsPerWorker;
  return [
    { component: 'metrics', price: 'metrics', units: isReported ? metrics : 0 },
    { component: 'alarms', price: 'alarms', units: shape.alarmMetrics },
    { component: 'alarms', price: 'compositeAlarms', units: shape.compositeAlarms },
    { component: 'dashboard', price: 'dashboards', units: shape.dashboards },
    { component: 'secret', price: 'secrets', units: shape.secrets },
    ...canary(shape, assumptions),
  ];
}

/** Its own runs, and the event that each sends to every worker. */
function canary(shape: StackShape, { durations, bytes }: Assumptions): Usage[] {
  const { canaryMb, workers, receiverMb, isTraced } = shape;
  if (canaryMb === undefined) return [];
  const component = 'canary';
  const events = canaryRuns * workers.length;
  const worker = durations.worker.batchMs + durations.worker.eventMs;
  const workerMb = workers[0]?.memoryMb ?? 0;
  const compute =
    canaryRuns * durations.canary.invocationMs * canaryMb +
    events * (durations.receiver.invocationMs * receiverMb + worker * workerMb);
  const linesOfEvent = bytes.accessLog + bytes.receiverLogs + bytes.workerLogs + bytes.batchLogs;
  // A run's lines are much as a request's.
  const logged = events * linesOfEvent + canaryRuns * bytes.receiverLogs;
  return [
    { component, price: 'lambdaRequests', units: canaryRuns + 2 * events },
    { component, price: 'lambdaCompute', units: compute / 1000 / 1024 },
    { component, price: 'secretCalls', units: canaryRuns },
    { component, price: 'httpApi', units: events },
    { component, price: 'sqsRequests', units: 3 * events },
    { component, price: 'dynamoWrites', units: events * Object.keys(calls.worker.event).length },
    // It looks for its events until they are handled: twice, mostly.
    { component, price: 'dynamoReads', units: events * 2 },
    { component, price: 'logs', units: logged / gigabyte },
    // All of them, at most: where little else comes, every request is recorded, and its batch.
    { component, price: 'traces', units: isTraced ? canaryRuns + 2 * events : 0 },
  ];
}
