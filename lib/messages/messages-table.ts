import { Duration } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { MessagesVariable } from '../../lambda/messages/env.ts';
import { messageEventTypes } from '../../lambda/messages/status-change.ts';
import { templateEventTypes } from '../../lambda/messages/template.ts';
import { progressKeys } from '../../lambda/reconcile/progress.ts';
import { settingsOf } from '../settings/scope.ts';

const recorded = new Set<string>([...messageEventTypes, ...templateEventTypes]);

/** The latest status of every message and template: one item for each and its owner, in the shape of lambda/messages/. */
export class MessagesTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      // What one sender reports of a message changes no item of another's.
      sortKey: { name: 'owner', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settingsOf(scope).retainData },
    });
  }

  /** Whether events of one of these types are recorded here. */
  static serves(types: readonly string[]): boolean {
    return types.some((type) => recorded.has(type));
  }

  /** The variables of a worker that records here. */
  get environment(): Record<MessagesVariable, string> {
    const { messageRetentionDays, storeMessageContent } = settingsOf(this);
    return {
      MESSAGES_TABLE: this.tableName,
      MESSAGE_RETENTION_SECONDS: String(Duration.days(messageRetentionDays).toSeconds()),
      STORE_MESSAGE_CONTENT: String(storeMessageContent),
    };
  }

  /** What lambda/messages/items.ts calls, and nothing more. */
  grantRecords(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Lets a grantee read what is known of a message or the like (lambda/messages/known-items.ts). */
  grantKnown(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:Query');
  }

  /**
   * Lets a grantee keep its progress here (lambda/reconcile/progress.ts), and change no item of a message.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantProgress(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${progressKeys}#*`] } },
      }),
    );
  }
}
