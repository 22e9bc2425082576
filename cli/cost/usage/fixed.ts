import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import type { Usage } from '../units.ts';

/**
 * What a stack uses in a month, however many events come.
 *
 * @param hasTraffic whether any event comes: AWS charges a metric only for the hours in which it is reported
 */
export function fixedUsage(shape: StackShape, assumptions: Assumptions, hasTraffic: boolean): Usage[] {
  const { metricsByDimension, metricsPerWorker, reportedShare } = assumptions;
  const counted = shape.countedMetrics.reduce((sum, name) => sum + (reportedShare[name] ?? 1), 0);
  const dimensioned = shape.dimensionedMetrics.reduce(
    (sum, name) => sum + (metricsByDimension[name] ?? 1),
    0,
  );
  // The canary's events are reported like all others.
  const isReported = hasTraffic || shape.canaryMb !== undefined;
  const metrics = counted + dimensioned + shape.workers.length * metricsPerWorker;
  return [
    { component: 'metrics', price: 'metrics', units: isReported ? metrics : 0 },
    { component: 'alarms', price: 'alarms', units: shape.alarmMetrics },
    { component: 'alarms', price: 'compositeAlarms', units: shape.compositeAlarms },
    { component: 'dashboard', price: 'dashboards', units: shape.dashboards },
    { component: 'secret', price: 'secrets', units: shape.secrets },
  ];
}
