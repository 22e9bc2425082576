import type { IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Worker } from '../worker/worker.ts';
import { graph, highest, period, section } from './graph.ts';
import { endToEnd } from './own-metrics.ts';
import type { DashboardParts } from './parts.ts';

export function showFlow({ workers }: DashboardParts, namespace: string): IWidget[][] {
  const metricsOf = (metric: (worker: Worker) => IMetric) => workers.map(metric);
  return section(
    'Is it flowing?',
    graph(
      'Age of the oldest message, in s',
      metricsOf(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ ...highest, label: name })),
    ),
    graph('Waiting, and in flight', [
      ...metricsOf(({ name, queue }) =>
        queue.metricApproximateNumberOfMessagesVisible({ ...highest, label: `${name} waiting` }),
      ),
      ...metricsOf(({ name, queue }) =>
        queue.metricApproximateNumberOfMessagesNotVisible({ ...highest, label: `${name} in flight` }),
      ),
    ]),
    // The number of the metric's values: an event without a time has none.
    graph(
      'Handled, without events that were rebuilt or that name no time',
      metricsOf(({ name }) => endToEnd(namespace, name, { period, statistic: 'SampleCount', label: name })),
    ),
  );
}
