import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { measureLines } from '../monitoring/log-metric.ts';
import type { ServiceLevel } from './service-level.ts';

const metricName = 'Late';

/**
 * Of the accepted events, 99 % are handled within 60 s of their acceptance (lambda/worker/lateness.ts).
 *
 * Workers log 0 or 1 for each event. One metric holds all that is asked: its sum is the late events, the number of its
 * values is all events. It belongs to all workers together, so that it costs the same however many they are.
 *
 * @param namespace of the metric
 * @param logGroups the workers' log groups
 */
export function handling(namespace: string, logGroups: readonly ILogGroup[]): ServiceLevel {
  measureLines({ namespace, name: metricName }, logGroups, 'late');
  return {
    name: 'Handling',
    title: 'Handled within 60 s',
    goal: 0.99,
    metrics: (period) => ({
      late: new Metric({ namespace, metricName, period, statistic: 'Sum' }),
      ended: new Metric({ namespace, metricName, period, statistic: 'SampleCount' }),
    }),
    bad: 'late',
    all: 'ended',
  };
}
