import { dashboardMetrics } from '../../local/aws/cloudwatch/dashboard-metrics.ts';
import type { Metric } from '../../local/aws/cloudwatch/metric.ts';
import { MetricAlarm } from '../../local/aws/cloudwatch/metric-alarm.ts';
import type { Resource } from '../../local/aws/template/assembly.ts';
import type { Resolve } from '../../local/aws/template/resolve.ts';

/** A metric that an alarm or a widget names. */
export interface NamedMetric {
  namespace: string;
  name: string;
  /** Values by name; in a search, one that is undefined stands for any value. */
  dimensions: Readonly<Record<string, string | undefined>>;
  /** What names it: an alarm's name, or a widget's title. */
  by: string;
}

/**
 * Lists the metrics that a template's alarms and dashboards name.
 *
 * @throws Error for an alarm or a widget that is not known here
 */
export function namedMetrics(resources: Readonly<Record<string, Resource>>, resolve: Resolve): NamedMetric[] {
  return Object.entries(resources).flatMap(([id, resource]) => {
    switch (resource.Type) {
      case 'AWS::CloudWatch::Alarm': {
        const { metrics, alarm } = new MetricAlarm(id, resource, resolve);
        return metrics.map((metric) => ({ ...metric, by: `the alarm ${alarm.name}` }));
      }
      case 'AWS::CloudWatch::Dashboard':
        return dashboardMetrics(String(resolve(resource.Properties.DashboardBody))).map(
          ({ widget, ...metric }) => ({
            ...metric,
            by: `the widget ${widget}`,
          }),
        );
      default:
        return [];
    }
  });
}

/** The named metrics that nothing has recorded: an alarm on one never fires, and a graph of one stays empty. */
export function unfed(named: readonly NamedMetric[], recorded: readonly Metric[]): NamedMetric[] {
  return named.filter((wanted) => !recorded.some((metric) => isNamedBy(metric, wanted)));
}

function isNamedBy({ namespace, name, dimensions }: Metric, wanted: NamedMetric): boolean {
  const names = Object.keys(wanted.dimensions);
  return (
    namespace === wanted.namespace &&
    name === wanted.name &&
    Object.keys(dimensions).length === names.length &&
    names.every((key) => key in dimensions && [undefined, dimensions[key]].includes(wanted.dimensions[key]))
  );
}
