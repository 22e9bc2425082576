import type { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { logsLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

/**
 * Watches that the canary's events come through.
 *
 * @param scope of the canary, whose `Monitoring` has the alarm
 * @param period between two runs
 */
export function addCanaryAlarm(scope: Construct, fn: LambdaFunction, period: Duration): void {
  const sum = { period, statistic: 'Sum' };
  const runs = fn.metricInvocations(sum);
  Monitoring.of(scope).heartbeat('Canary', {
    // A run that fails is a run: the first may fire.
    begun: runs,
    metric: new MathExpression({
      expression: 'runs - failures',
      usingMetrics: { runs, failures: fn.metricErrors(sum) },
      label: 'Events of the canary that came through',
      period,
    }),
    threshold: 1,
    periods: { of: 2, breaching: 2 },
    because: 'one run may meet a deployment or a late answer. Two failed runs in a row are no accident.',
    impact: "The canary's events are not received or not handled, so Zavu's events probably are not either.",
    urgency: 'page',
    look: logsLink(fn.logGroup),
    next: `aws logs tail ${fn.logGroup.logGroupName} --since 15m`,
  });
}
