import { type IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { graph, metricByValue, section, sum } from './graph.ts';
import type { DashboardParts } from './parts.ts';

export function showReceiving({ receiver: { api } }: DashboardParts, namespace: string): IWidget[][] {
  return section(
    'Are we receiving?',
    graph('Requests', [
      api.metricCount({ ...sum, label: 'all' }),
      api.metricClientError({ ...sum, label: '4xx' }),
      api.metricServerError({ ...sum, label: '5xx' }),
    ]),
    graph('Verified, by signature scheme', [metricByValue(namespace, 'Verified', 'Scheme')]),
    graph('Rejected, by reason, and ids that two senders use', [
      metricByValue(namespace, 'Rejected', 'Reason'),
      new Metric({ namespace, metricName: 'SharedIds', label: 'ids that two senders use', ...sum }),
    ]),
  );
}
