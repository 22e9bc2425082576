import type { Assumptions } from '../assumptions.ts';
import type { DashboardShape } from '../dashboard.ts';
import type { StackShape } from '../stack-shape.ts';
import type { Usage } from '../units.ts';

/** How many metrics a dashboard of the free tier shows at most: https://aws.amazon.com/cloudwatch/pricing/ */
const maxFreeMetrics = 50;

/**
 * What a stack uses in a month, however many events come.
 *
 * @param hasTraffic whether any event comes: AWS charges a metric only for the hours in which it is reported
 */
export function fixedUsage(shape: StackShape, assumptions: Assumptions, hasTraffic: boolean): Usage[] {
  const small = shape.dashboards.filter((dashboard) => isSmall(dashboard, assumptions));
  const usages: Usage[] = [
    { component: 'metrics', price: 'metrics', units: metricsOf(shape, assumptions, hasTraffic) },
    { component: 'alarms', price: 'alarms', units: shape.alarmMetrics },
    { component: 'alarms', price: 'compositeAlarms', units: shape.compositeAlarms },
    { component: 'dashboard', price: 'dashboards', units: small.length },
    { component: 'dashboard', price: 'largeDashboards', units: shape.dashboards.length - small.length },
    { component: 'secret', price: 'secrets', units: shape.secrets },
  ];
  return usages.filter(({ units }) => units > 0);
}

/** Whether a dashboard shows no more metrics than one of the free tier may. One that cannot be read is not taken for free. */
function isSmall(dashboard: DashboardShape | undefined, { reported }: Assumptions): boolean {
  if (!dashboard) return false;
  const { metrics, searched } = dashboard;
  return searched.reduce((sum, name) => sum + (reported[name] ?? 1), metrics) <= maxFreeMetrics;
}

/** How many metrics are reported all month. */
function metricsOf(shape: StackShape, assumptions: Assumptions, hasTraffic: boolean): number {
  const { reported, reportedWithoutEvents, reportedByCanary } = assumptions;
  const hasCanary = shape.canaryMb !== undefined;
  const units = shape.countedMetrics.map(({ name, isByWorker, hasDefault }) => {
    const isReported =
      hasTraffic ||
      reportedWithoutEvents.includes(name) ||
      // A default is reported with every line.
      (hasCanary && (hasDefault || reportedByCanary.includes(name)));
    if (!isReported) return 0;
    const each = Math.max(reported[name] ?? 1, hasDefault ? 1 : 0);
    return isByWorker ? each * shape.workers.length : each;
  });
  return units.reduce((sum, each) => sum + each, 0);
}
