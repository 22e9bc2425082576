import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CanaryVariable } from '../../lambda/canary/env.ts';
import { pauseKeys } from '../../lambda/pauses/pause-records.ts';
import { canaryClaims } from '../../lambda/routing/canary-event.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { lambdaFile } from '../functions/entry.ts';
import { NodeFunction } from '../functions/node-function.ts';
import { runEvery } from '../functions/schedule.ts';
import type { IdempotencyTable } from '../idempotency/idempotency-table.ts';
import type { Receiver } from '../receiver/receiver.ts';
import { settingsOf } from '../settings/scope.ts';
import { addCanaryAlarm } from './alarms.ts';

interface CanaryProps {
  /** Each worker that gets events gets one of the canary's. */
  routes: Routes;
  receiver: Receiver;
  table: IdempotencyTable;
}

const every = Duration.minutes(5);
/** A worker that is not busy takes a second; a busy one may be in the middle of a batch. */
const handledWithin = Duration.seconds(60);

/** Sends events of its own through the public URL, and fires an alarm if they do not come through. */
export class Canary extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { routes, receiver, table }: CanaryProps) {
    super(scope, id);
    this.function = new NodeFunction(this, 'Function', {
      description: 'Sends a test event to every worker, and checks that it was handled',
      entry: lambdaFile('canary/index'),
      environment: () =>
        ({
          WEBHOOK_URL: receiver.url,
          WORKERS: routes.receivingWorkers.join(','),
          SIGNING_SECRET_ID: receiver.secret.secretArn,
          ACCEPTED_SIGNATURES: settingsOf(this).acceptedSignatures.join(','),
          IDEMPOTENCY_TABLE: table.tableName,
          IDEMPOTENCY_EXPIRY_SECONDS: String(table.expiry.toSeconds()),
          HANDLED_WITHIN_SECONDS: String(handledWithin.toSeconds()),
        }) satisfies Record<CanaryVariable, string>,
      memoryMb: 256,
      timeout: handledWithin.plus(Duration.seconds(30)),
      // No customer waits for it: there is no traffic to shift.
      hasAlias: false,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [receiver.secret.secretArn],
      }),
    );
    table.grantLook(this.function, canaryClaims);
    // A paused worker gets no event of the canary.
    table.grantLook(this.function, pauseKeys);
    runEvery(every, this, this.function);
    addCanaryAlarm(this, this.function, every);
  }
}
