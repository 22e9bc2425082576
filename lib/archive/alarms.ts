import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { logsLink, streamLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import { bufferFor } from './stream.ts';

/**
 * Watches the delivery into an archive: what comes late, and what goes elsewhere.
 *
 * @param scope of the archive, whose `Monitoring` has the alarms
 * @param errors the log group of what Firehose failed to deliver
 */
export function addDeliveryAlarms(scope: Construct, stream: DeliveryStream, errors: ILogGroup): void {
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('ArchiveDelayed', '', {
    // The age of the oldest record that is not in S3 yet.
    metric: stream.metric('DeliveryToS3.DataFreshness', {
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    threshold: 3 * bufferFor.toSeconds(),
    because:
      'Firehose collects events for 15 minutes and may take half as long again. 45 minutes are no accident.',
    urgency: 'notice',
    look: streamLink(stream),
    next: `aws firehose describe-delivery-stream --delivery-stream-name ${stream.deliveryStreamName}`,
    impact:
      'Accepted events do not reach the archive. Firehose keeps them for 24 hours, then they are missing.',
  });
  monitoring.alarm('ArchiveErrors', '', {
    // Firehose writes there when something fails, and nothing else. What it cannot partition it delivers under
    // errors/, so its own metrics stay good.
    // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html
    // Not the group's own `metricIncomingLogEvents`: CDK names a metric that CloudWatch Logs does not have, and
    // leaves the group out.
    metric: new Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingLogEvents',
      dimensionsMap: { LogGroupName: errors.logGroupName },
      period: Duration.minutes(5),
      statistic: 'Sum',
    }),
    threshold: 1,
    because: 'Firehose logs only failures, so a healthy stream writes no line.',
    urgency: 'notice',
    look: logsLink(errors),
    next: `aws logs tail ${errors.logGroupName} --since 1h`,
    impact:
      'Accepted events do not reach their place in the archive. Some may be under errors/, and a replay does not find them there.',
  });
}

/** Watches a function that archives, by its log, for events that it could not hand to Firehose. */
export function addIncompleteAlarm(scope: Construct, logs: ILogGroup): void {
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('ArchiveIncomplete', '', {
    metric: monitoring
      .count('ArchiveFailed', logs, { message: 'archive_failed' })
      .with({ period: Duration.minutes(1) }),
    threshold: 1,
    because: 'each of these log lines is one event that a replay will not find.',
    urgency: 'notice',
    look: logsLink(logs),
    next: `aws logs tail ${logs.logGroupName} --since 15m --filter-pattern archive_failed`,
    impact:
      'Accepted events are missing in the archive and cannot be replayed from it. They are handled all the same.',
  });
}
