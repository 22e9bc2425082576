import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ServiceLevel } from './service-level.ts';

/**
 * Of the requests that count, 99.9 % are accepted.
 *
 * API Gateway counts, which sees also what never reaches the receiver. 5xx are bad. 4xx do not count: nobody can tell
 * there whether Zavu sent them or a stranger, and what Zavu signed and is refused has alarms of its own (`SignedRefused`,
 * `StageThrottled`). All others are good.
 */
export function acceptance(api: HttpApi): ServiceLevel {
  return {
    name: 'Acceptance',
    title: 'Accepted',
    goal: 0.999,
    metrics: (period) => ({
      requests: api.metricCount({ period, statistic: 'Sum' }),
      refused: api.metricClientError({ period, statistic: 'Sum' }),
      failed: api.metricServerError({ period, statistic: 'Sum' }),
    }),
    bad: 'failed',
    all: '(requests - refused)',
  };
}
