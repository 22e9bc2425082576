import type { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { stackOption } from '../deployment.ts';
import { logsLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

/**
 * Watches the pauses of workers: that one lasts, and that nobody keeps them.
 *
 * @param scope of the keeper, whose `Monitoring` has the alarms
 * @param period between two runs
 */
export function addPauseAlarms(scope: Construct, fn: LambdaFunction, period: Duration): void {
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('WorkerPaused', '', {
    metric: monitoring.count('PausedWorkers', fn.logGroup, { message: 'paused' }).with({ period }),
    threshold: 1,
    // A run may fall just beside a period.
    periods: { of: 2, breaching: 1 },
    because: 'the event source of every worker is on unless somebody stops it.',
    impact: 'A worker is paused: its events wait, and are not handled. Its pause ends by itself in time.',
    urgency: 'notice',
    look: logsLink(fn.logGroup),
    next: `npx zavu-webhooks pause ${stackOption(scope)}`,
  });
  monitoring.alarm('PausesNotKept', '', {
    metric: fn.metricErrors({ period, statistic: 'Sum' }),
    threshold: 1,
    periods: { of: 3, breaching: 2 },
    because: 'one run may meet a deployment. Two failed runs are no accident.',
    impact:
      'A paused worker is not started in time: SQS deletes events when the retention of its queue is over. A deployment may end a pause.',
    urgency: 'page',
    look: logsLink(fn.logGroup),
    next: `npx zavu-webhooks pause ${stackOption(scope)}`,
  });
}
