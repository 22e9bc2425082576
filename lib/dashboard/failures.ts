import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { graph, highest, metricByValue, section, sum } from './graph.ts';
import type { DashboardParts } from './parts.ts';

export function showFailures({ receiver, workers }: DashboardParts, namespace: string): IWidget[][] {
  return section(
    'What failed?',
    graph('Dead letters, and unrouted', [
      ...workers.map(({ name, deadLetterQueue }) =>
        deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...highest, label: name }),
      ),
      receiver.unroutedQueue.metricApproximateNumberOfMessagesVisible({ ...highest, label: 'unrouted' }),
    ]),
    graph('Crashes and timeouts', [
      receiver.function.metricErrors({ ...sum, label: 'receiver' }),
      ...workers.map(({ name, function: each }) => each.metricErrors({ ...sum, label: name })),
    ]),
    graph('Throttles', [
      receiver.function.metricThrottles({ ...sum, label: 'receiver' }),
      ...workers.map(({ name, function: each }) => each.metricThrottles({ ...sum, label: name })),
    ]),
    graph('Drift, by type and path', [metricByValue(namespace, 'SchemaDriftByPath', 'Path', 'Type')]),
  );
}
