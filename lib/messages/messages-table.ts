import { Duration } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { MessagesVariable } from '../../lambda/messages/env.ts';
import { itemKinds } from '../../lambda/messages/key.ts';
import { recordedTypes } from '../../lambda/messages/recorded-types.ts';
import { progressKeys } from '../../lambda/reconcile/progress/partition.ts';
import { grantLeadingKeys } from '../leading-keys.ts';
import { settingsOf } from '../settings/scope.ts';

/**
 * The latest status of every message, template, call, invitation, conversation and broadcast: one item for each and its
 * owner, in the shape of lambda/messages/.
 */
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
    return types.some((type) => recordedTypes.has(type));
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

  /** Lets a grantee read the items of what events are about (lambda/messages/known-items.ts), and nothing else here. */
  grantKnown(grantee: IGrantable): void {
    grantLeadingKeys(this, grantee, itemKinds, 'Query');
  }

  /** Lets a grantee keep the progress of reconciling (lambda/reconcile/progress.ts), and nothing else here. */
  grantProgress(grantee: IGrantable): void {
    const calls = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
    grantLeadingKeys(this, grantee, [progressKeys], ...calls);
  }

  /** What lambda/messages/items.ts calls, and nothing more. An item is read if a refused write did not bring it. */
  grantRecords(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
