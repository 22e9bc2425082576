import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { countLines, type Dimensions, type LineFields, measureLines } from '../monitoring/log-metric.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import type { DashboardParts } from './parts.ts';

const endToEndName = 'EndToEnd';

/** Makes the metrics that no alarm reads, of log lines that are there anyway. Without a dashboard nobody pays for them. */
export function countForDashboard(
  scope: Construct,
  { receiver, workers, reconciler }: Pick<DashboardParts, 'receiver' | 'workers' | 'reconciler'>,
): void {
  const { namespace } = Monitoring.of(scope);
  const { logGroup } = receiver.function;
  const count = (name: string, of: typeof logGroup, fields: LineFields, dimensions?: Dimensions) =>
    countLines({ namespace, name }, of, fields, dimensions);
  // A refused request has a scheme, too, if its signature was good: it does not count for how senders sign.
  count('Verified', logGroup, { scheme: '*', outcome: { not: 'rejected' } }, { Scheme: 'scheme' });
  count('Rejected', logGroup, { outcome: 'rejected' }, { Reason: 'reason' });
  count('SharedIds', logGroup, { message: 'shared_id' });
  for (const { function: each } of workers) {
    count('SchemaDriftByPath', each.logGroup, { message: 'drift' }, { Type: 'type', Path: 'path' });
    const handled = { outcome: 'handled' };
    measureLines({ namespace, name: endToEndName }, each.logGroup, 'lagMs', handled, { Worker: 'worker' });
  }
  if (reconciler) {
    const recovered = { message: 'event_recovered' };
    count('EventsRecoveredByType', reconciler.function.logGroup, recovered, { Type: 'type' });
  }
}

/** How long a worker's events took, from Zavu's timestamp until they were handled, in milliseconds. */
export function endToEnd(namespace: string, worker: string, options: MetricOptions): Metric {
  return new Metric({ namespace, metricName: endToEndName, dimensionsMap: { Worker: worker }, ...options });
}
