import { type IMetric, type IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Worker } from '../worker/worker.ts';
import { graph, highest, section, sum } from './graph.ts';
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
    graph(
      'Handled',
      metricsOf((worker) => worker.metric('Handled', { label: worker.name })),
    ),
    graph('Duplicates, and retries', [
      ...metricsOf((worker) => worker.metric('Duplicates', { label: `${worker.name} duplicates` })),
      ...metricsOf((worker) => worker.metric('Retries', { label: `${worker.name} retries` })),
      new Metric({ namespace, metricName: 'SharedIds', label: 'ids that two senders use', ...sum }),
    ]),
  );
}
