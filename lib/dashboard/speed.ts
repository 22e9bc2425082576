import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { graph, period, section } from './graph.ts';
import { endToEnd } from './own-metrics.ts';
import type { DashboardParts } from './parts.ts';

export function showSpeed({ receiver, workers }: DashboardParts, namespace: string): IWidget[][] {
  const duration = (statistic: string) =>
    receiver.function.metricDuration({ period, statistic, label: `function ${statistic}` });
  const lags = (statistic: string) =>
    workers.map(({ name }) =>
      endToEnd(namespace, name, { period, statistic, label: `${name} ${statistic}` }),
    );
  return section(
    'How fast?',
    graph(
      'Answer, in ms',
      [
        duration('p50'),
        duration('p99'),
        receiver.api.metricLatency({ period, statistic: 'p99', label: 'API p99' }),
      ],
      [{ value: zavuWaitsMs, label: 'Zavu gives up' }],
    ),
    graph("From Zavu's timestamp to handled, in ms: median", lags('p50')),
    graph("From Zavu's timestamp to handled, in ms: p99", lags('p99')),
  );
}
