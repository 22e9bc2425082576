import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { shortestLadder } from '../../lambda/zavu/delivery.ts';
import { stackOption } from '../deployment.ts';
import { logsLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

const hourly = { period: Duration.hours(1), statistic: 'Sum' };

/**
 * Watches the reconciler, and says what it found.
 *
 * @param scope of the reconciler, whose `Monitoring` has the alarms
 */
export function addReconcileAlarms(scope: Construct, fn: LambdaFunction): void {
  const monitoring = Monitoring.of(scope);
  const logs = fn.logGroup;
  const look = logsLink(logs);
  const report = `aws logs tail ${logs.logGroupName} --since 2h --filter-pattern '{ $.message = "reconciled" }'`;

  monitoring.alarm('EventsRecovered', '', {
    metric: monitoring
      .count('EventsRecovered', logs, { message: 'event_recovered' })
      .with({ period: Duration.minutes(5) }),
    threshold: 1,
    because: `every event comes by webhook, unless Zavu gave it up after ${shortestLadder.text} of failed attempts.`,
    impact:
      'Webhooks were lost, and their events were recovered from Zavu: handlers run hours late. The report says between which times (`first`, `last`).',
    urgency: 'notice',
    look,
    next: report,
  });
  monitoring.alarm('ReconcileTruncated', '', {
    metric: monitoring
      .count('ReconcileTruncated', logs, [
        { message: 'reconcile_truncated' },
        { message: 'reconcile_unordered' },
      ])
      .with(hourly),
    threshold: 1,
    because: 'a run that comes to the end hits no bound, and finds the lists in the order that it expects.',
    impact: 'A part of what Zavu has was not compared: events that were lost there are not recovered.',
    urgency: 'notice',
    look,
    next: `npx zavu-webhooks reconcile --from 3d --to 6h --dry-run ${stackOption(scope)}`,
  });
  monitoring.heartbeat('ReconcileOverdue', {
    // A run that fails is a run: a key that was never stored is noticed, too.
    begun: fn.metricInvocations(hourly),
    metric: monitoring
      .count('ReconcileCompleted', logs, { message: 'reconcile_ended', state: 'complete' })
      .with(hourly),
    threshold: 1,
    periods: { of: 4, breaching: 4 },
    because: 'a run takes place every hour. Zavu may be down for one, or there may be much to do.',
    impact: 'No run has come to its end for 4 h: events that Zavu gave up on are not recovered meanwhile.',
    urgency: 'notice',
    look,
    next: `aws logs tail ${logs.logGroupName} --since 4h`,
  });
  monitoring.alarm('RegistrationDiffers', '', {
    metric: monitoring.count('RegistrationDiffers', logs, { message: 'registration_differs' }).with(hourly),
    threshold: 1,
    // A run may fall just beside a period.
    periods: { of: 2, breaching: 1 },
    because:
      'a sender is registered here, with the event types that workers handle, until somebody changes it in Zavu.',
    impact:
      'Zavu does not send all events of a sender here, or signs them with a scheme that is not accepted.',
    urgency: 'page',
    look,
    next: `npx zavu-webhooks register --check ${stackOption(scope)}`,
  });
}
