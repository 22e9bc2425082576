import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, Operation, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { tableLink } from '../monitoring/console-link.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import { deadLetterRetentionDays } from '../queues.ts';
import { dataRemovalPolicy, type Settings } from '../settings/settings.ts';

const slack = Duration.days(1);

/**
 * The idempotency records of handled events, in the shape that Powertools' idempotency writes.
 *
 * `expiry` outlives every copy of an event: one that is taken at the end of Zavu's longest ladder, or at the greatest age that
 * `maxEventAgeSeconds` allows, waits in its queue until the retention ends, rests among the dead letters until
 * theirs does, is redriven and waits once more.
 */
export class IdempotencyTable extends TableV2 {
  readonly expiry: Duration;

  constructor(scope: Construct, id: string, settings: Settings, monitoring: Monitoring) {
    super(scope, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.retainData },
      removalPolicy: dataRemovalPolicy(settings),
    });
    this.#watch(monitoring);
    const queued = Duration.days(settings.queueRetentionDays);
    const resting = Duration.days(deadLetterRetentionDays);
    const taken = Duration.seconds(Math.max(longestLadder.seconds, settings.maxEventAgeSeconds ?? 0));
    this.expiry = [queued, resting, queued, slack].reduce((sum, part) => sum.plus(part), taken);
  }

  #watch(monitoring: Monitoring): void {
    const period = Duration.minutes(1);
    const operations = {
      puts: Operation.PUT_ITEM,
      updates: Operation.UPDATE_ITEM,
      deletes: Operation.DELETE_ITEM,
    };
    const throttled = Object.entries(operations).map(
      ([id, Operation]) =>
        [
          id,
          this.metric('ThrottledRequests', {
            dimensionsMap: { TableName: this.tableName, Operation },
            statistic: 'Sum',
            period,
          }),
        ] as const,
    );
    monitoring.alarm('IdempotencyThrottled', '', {
      // A table that throttles nothing reports nothing. For metrics of DynamoDB alarms may ignore missing data, whatever
      // they say of it, and would never clear; one page has it so, another has not. Filled, none is missing.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
      metric: new MathExpression({
        expression: Object.keys(operations)
          .map((id) => `FILL(${id}, 0)`)
          .join(' + '),
        usingMetrics: Object.fromEntries(throttled),
        label: 'Throttled requests',
        period,
      }),
      threshold: 1,
      periods: { of: 5, breaching: 3 },
      because: 'an on-demand table splits what is hot within minutes; throttles that last mean a limit.',
      impact: 'Events cannot be claimed and wait: an event is never handled without its claim.',
      urgency: 'notice',
      look: tableLink(this, this.tableName),
      next: `aws dynamodb describe-table --table-name ${this.tableName}`,
    });
  }

  /** What Powertools' DynamoDB layer calls, and the records of runs (lambda/worker/runs.ts): nothing more. */
  grantClaims(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem');
  }

  /**
   * A look at the claims whose keys begin with a prefix.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantLook(grantee: IGrantable, prefix: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem'],
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}#*`] } },
      }),
    );
  }
}
