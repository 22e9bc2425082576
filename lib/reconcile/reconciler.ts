import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ReconcileVariable } from '../../lambda/reconcile/env.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { lambdaFile } from '../functions/entry.ts';
import { NodeFunction } from '../functions/node-function.ts';
import { runEvery } from '../functions/schedule.ts';
import type { MessagesTable } from '../messages/messages-table.ts';
import { queueUrls, type Receiver } from '../receiver/receiver.ts';
import { settingsOf } from '../settings/scope.ts';
import { createStoredSecret } from '../stored-secret.ts';
import type { Worker } from '../worker/worker.ts';
import { addReconcileAlarms } from './alarms.ts';

interface ReconcilerProps {
  routes: Routes;
  workers: readonly Worker[];
  receiver: Receiver;
  /** What this deployment has is answered from here, and the progress is kept here. */
  messages: MessagesTable;
}

const every = Duration.hours(1);
const apiUrl = 'https://api.zavu.dev';

/**
 * Asks Zavu's API each hour what happened, and puts into the queues what no webhook has told: after its last retry Zavu
 * forgets an event, but not the message. It compares the webhooks of the senders with this deployment, too.
 */
export class Reconciler extends Construct {
  readonly function: NodeFunction;
  /** Holds the API keys of Zavu, one a line, each of another project. */
  readonly apiKey: Secret;

  constructor(scope: Construct, id: string, { routes, workers, receiver, messages }: ReconcilerProps) {
    super(scope, id);
    const settings = settingsOf(this);
    this.apiKey = createStoredSecret(this, 'ApiKey', {
      description:
        'API keys of Zavu, one a line, each of another project. Store one with: npx zavu-webhooks secrets api-key',
      notRotated: 'Only Zavu issues API keys, so AWS cannot rotate them on a schedule. A person does.',
    });
    this.function = new NodeFunction(this, 'Function', {
      description: 'Asks Zavu for what no webhook has told, and puts it into the queues',
      entry: lambdaFile('reconcile/index'),
      environment: () => ({
        ...queueUrls(workers),
        ...({
          MESSAGES_TABLE: messages.tableName,
          ROUTES: routes.toString(),
          API_KEY_SECRET_ID: this.apiKey.secretArn,
          REQUESTS_PER_MINUTE: String(settings.reconcileRequestsPerMinute),
          REGISTERED_URL: receiver.url,
          ZAVU_API_URL: apiUrl,
          ACCEPTED_SIGNATURES: settings.acceptedSignatures.join(','),
        } satisfies Record<ReconcileVariable, string>),
      }),
      memoryMb: 512,
      // The longest that Lambda allows. What is left over is for the next run.
      timeout: Duration.minutes(15),
      // No customer waits for it: there is no traffic to shift.
      hasAlias: false,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.apiKey.secretArn] }),
    );
    messages.grantKnown(this.function);
    messages.grantProgress(this.function);
    for (const { queue } of workers) queue.grant(this.function, 'sqs:SendMessage');
    runEvery(every, this, this.function);
    addReconcileAlarms(this, this.function);
  }
}
