import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Routes } from '../lambda/routing/routes.ts';
import type { Archive } from './archive/archive.ts';
import { outputPrefix } from './deployment.ts';
import type { FanOutBus } from './event-bus/event-bus.ts';
import type { IdempotencyTable } from './idempotency/idempotency-table.ts';
import type { MessagesTable } from './messages/messages-table.ts';
import { type OutputName, outputNames } from './outputs.ts';
import type { Pauses } from './pauses/pauses.ts';
import type { Receiver } from './receiver/receiver.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { settingsOf } from './settings/scope.ts';
import type { Worker } from './worker/worker.ts';

/** The parts whose names and addresses are outputs. */
interface Parts {
  receiver: Receiver;
  workers: Readonly<Record<string, Worker>>;
  idempotency: IdempotencyTable;
  messages: MessagesTable | undefined;
  archive: Archive | undefined;
  bus: FanOutBus | undefined;
  pauses: Pauses;
  reconciler: Reconciler | undefined;
}

type AddOutput = (name: OutputName, value: string, description: string) => void;

/** Adds every output to a construct that has these parts. */
export function addOutputs(owner: Construct & Parts, routes: Routes): void {
  const { receiver, workers, idempotency, messages, archive, bus, pauses, reconciler } = owner;
  const { acceptedSignatures } = settingsOf(owner);
  const prefix = outputPrefix(owner);
  const output: AddOutput = (name, value, description) =>
    // Not CDK's own id, which ends in a hash: commands and people know outputs by their names.
    new CfnOutput(owner, name, { value, description }).overrideLogicalId(`${prefix}${name}`);

  output(outputNames.webhookUrl, receiver.url, 'Register this URL in Zavu');
  output(outputNames.routes, routes.toString(), 'Which worker handles which event type');
  output(outputNames.signingSecretName, receiver.secret.secretName, 'Store the signing secret here');
  output(outputNames.acceptedSignatures, acceptedSignatures.join(','), 'Schemes that senders may sign with');
  output(outputNames.idempotencyTableName, idempotency.tableName, 'Idempotency records of handled events');
  if (messages) output(outputNames.messagesTableName, messages.tableName, 'The status of every message');
  if (reconciler) {
    output(outputNames.apiKeySecretName, reconciler.apiKey.secretName, 'Store the API key of Zavu here');
  }
  if (archive) addArchiveOutputs(archive, idempotency, output);
  if (bus) {
    output(outputNames.eventBusName, bus.eventBusName, 'Handled events');
    output(outputNames.eventBusArn, bus.eventBusArn, 'Handled events');
  }
  output(outputNames.unroutedQueueUrl, receiver.unroutedQueue.queueUrl, 'Events that no worker handles');
  output(outputNames.eventSources, pauses.eventSources, 'What the workers take their events by');
  output(outputNames.receiverLogGroupName, receiver.function.logGroup.logGroupName, 'Log of the receiver');
  for (const { name, queue, deadLetterQueue, function: workerFunction } of Object.values(workers)) {
    output(outputNames.queueUrl(name), queue.queueUrl, `Events for the ${name} worker`);
    output(
      outputNames.deadLetterQueueUrl(name),
      deadLetterQueue.queueUrl,
      `Dead letters of the ${name} worker`,
    );
    output(
      outputNames.workerLogGroupName(name),
      workerFunction.logGroup.logGroupName,
      `Log of the ${name} worker`,
    );
  }
}

function addArchiveOutputs(archive: Archive, idempotency: IdempotencyTable, output: AddOutput): void {
  output(outputNames.archiveBucketName, archive.bucket.bucketName, 'Every accepted event');
  output(outputNames.archiveTableName, archive.tableName, 'The same events, for Athena');
  // A replayed event may wait in its queue as long as messages are kept there.
  const waits = settingsOf(archive).queueRetentionDays * 86_400;
  output(
    outputNames.replayWindowSeconds,
    String(idempotency.expiry.toSeconds() - waits),
    'How long a replay finds handled events to be duplicates',
  );
}
