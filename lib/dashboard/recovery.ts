import { type IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { graph, metricByValue, section, sum } from './graph.ts';
import type { DashboardParts } from './parts.ts';

/** What reconciling found; nothing if it is off. */
export function showRecovery({ reconciler }: DashboardParts, namespace: string): IWidget[][] {
  if (!reconciler) return [];
  const own = (metricName: string, label: string) => new Metric({ namespace, metricName, label, ...sum });
  return section(
    'What did Zavu give up on?',
    graph('Recovered, by type', [metricByValue(namespace, 'EventsRecoveredByType', 'Type')]),
    graph('Runs', [
      own('ReconcileCompleted', 'came to the end'),
      reconciler.function.metricErrors({ ...sum, label: 'failed' }),
    ]),
    graph('To look at', [
      own('ReconcileTruncated', 'bounds that were hit'),
      own('RegistrationDiffers', 'webhooks of senders that differ'),
    ]),
  );
}
