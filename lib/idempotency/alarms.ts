import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { tableLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

const operations = {
  puts: Operation.PUT_ITEM,
  updates: Operation.UPDATE_ITEM,
  deletes: Operation.DELETE_ITEM,
};

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
 * A table that throttles nothing reports nothing. For metrics of DynamoDB alarms may ignore missing data, whatever they
 * say of it, and would never clear; one page has it so, another has not. Filled, none is missing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function throttledClaims(table: TableV2): MathExpression {
  const period = Duration.minutes(1);
  const throttled = Object.entries(operations).map(([id, Operation]) => [
    id,
    table.metric('ThrottledRequests', {
      dimensionsMap: { TableName: table.tableName, Operation },
      statistic: 'Sum',
      period,
    }),
  ]);
  return new MathExpression({
    expression: Object.keys(operations)
      .map((id) => `FILL(${id}, 0)`)
      .join(' + '),
    usingMetrics: Object.fromEntries(throttled),
    label: 'Throttled requests',
    period,
  });
}
