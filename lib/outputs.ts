import type { WorkerName } from '../lambda/routing/routes.ts';
import { capitalize } from './worker/names.ts';

/** The names of the stack's outputs, which the commands find a deployment's parts by. */
export const outputNames = {
  webhookUrl: 'WebhookUrl',
  signingSecretName: 'SigningSecretName',
  acceptedSignatures: 'AcceptedSignatures',
  idempotencyTableName: 'IdempotencyTableName',
  messagesTableName: 'MessagesTableName',
  archiveBucketName: 'ArchiveBucketName',
  archiveTableName: 'ArchiveTableName',
  replayWindowSeconds: 'ReplayWindowSeconds',
  eventBusName: 'EventBusName',
  eventBusArn: 'EventBusArn',
  unroutedQueueUrl: 'UnroutedQueueUrl',
  queueUrl: <Name extends WorkerName>(worker: Name) => `${capitalize(worker)}QueueUrl` as const,
  deadLetterQueueUrl: <Name extends WorkerName>(worker: Name) =>
    `${capitalize(worker)}DeadLetterQueueUrl` as const,
} as const;

/** Every name that an output may have; which of them are there depends on the settings. */
export type OutputName =
  | Extract<(typeof outputNames)[keyof typeof outputNames], string>
  | `${Capitalize<WorkerName>}${'' | 'DeadLetter'}QueueUrl`;

/** A stack's outputs, as far as it has them. */
export type Outputs = Readonly<Partial<Record<OutputName, string>>>;
