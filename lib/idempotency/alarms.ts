import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { tableLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

/** Watches a table for claims that DynamoDB throttles. */
export function addIdempotencyAlarm(table: TableV2): void {
  Monitoring.of(table).alarm('IdempotencyThrottled', '', {
    metric: throttledClaims(table),
    threshold: 1,
    periods: { of: 5, breaching: 3 },
    because:
      'an on-demand table adapts to a hot key within minutes. Throttles that go on mean that a limit is reached.',
    impact: 'Events cannot be claimed and wait, because an event is never handled without its claim.',
    urgency: 'notice',
    look: tableLink(table, table.tableName),
    next: `aws dynamodb describe-table --table-name ${table.tableName}`,
  });
}

/**
 * One metric for all kinds of writes; `ThrottledRequests` has one for each operation, and none for the table. DynamoDB counts
 * each write that it throttles, for whatever reason: a hot key, the account's quota, a maximum of the table.
 *
 * A table that throttles nothing reports nothing. By AWS's reference, alarms on metrics of DynamoDB ignore missing data,
 * even if they are told to take it as not breaching. An alarm on the metric alone would then never clear. AWS's guide says
 * that this is only the default. `FILL` is right either way, because it leaves nothing missing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TroubleshootingThrottling-cloudwatch.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function throttledClaims(table: TableV2): MathExpression {
  const period = Duration.minutes(1);
  return new MathExpression({
    expression: 'FILL(writes, 0)',
    usingMetrics: { writes: table.metric('WriteThrottleEvents', { statistic: 'Sum', period }) },
    label: 'Throttled writes',
    period,
  });
}
