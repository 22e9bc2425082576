import { Duration } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { pauseKeys } from '../../lambda/pauses/pause-records.ts';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { grantLeadingKeys } from '../leading-keys.ts';
import { deadLetterRetentionDays } from '../queues.ts';
import { settingsOf } from '../settings/scope.ts';
import { addIdempotencyAlarm } from './alarms.ts';

const slack = Duration.days(1);

/**
 * The idempotency records of handled events, in the shape that Powertools' idempotency writes.
 *
 * `expiry` outlives every duplicate of an event. The latest one is accepted at the end of Zavu's longest ladder, or at the
 * greatest age that `maxEventAgeSeconds` allows. It waits in its queue until the retention ends, stays among the dead
 * letters until their retention ends, is redriven and waits once more.
 */
export class IdempotencyTable extends TableV2 {
  readonly expiry: Duration;

  constructor(scope: Construct, id: string) {
    const { retainData, queueRetentionDays, maxEventAgeSeconds = 0 } = settingsOf(scope);
    super(scope, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: retainData },
    });
    const queued = Duration.days(queueRetentionDays);
    const deadLettered = Duration.days(deadLetterRetentionDays);
    const accepted = Duration.seconds(Math.max(longestLadder.seconds, maxEventAgeSeconds));
    this.expiry = [queued, deadLettered, queued, slack].reduce((sum, part) => sum.plus(part), accepted);
    addIdempotencyAlarm(this);
  }

  /** Grants what Powertools' DynamoDB layer calls, and the records of runs (lambda/worker/runs.ts): nothing more. */
  grantClaims(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem');
  }

  /** Lets a grantee read the records whose keys begin with a prefix. */
  grantLook(grantee: IGrantable, prefix: string): void {
    grantLeadingKeys(this, grantee, [prefix], 'GetItem');
  }

  /** Lets a grantee read the pauses of workers, end them, and remove those that have ended. */
  grantPauses(grantee: IGrantable): void {
    grantLeadingKeys(this, grantee, [pauseKeys], 'GetItem', 'PutItem', 'DeleteItem');
  }
}
