import type { WorkerName } from '../lambda/routing/routes.ts';

/**
 * A worker's name as its outputs, its alarms and its construct's id begin with it: `Inbound`.
 *
 * @param name of the worker, in lower case: `inbound`
 */
export function capitalize<Name extends string>(name: Name): Capitalize<Name> {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}` as Capitalize<Name>;
}

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
