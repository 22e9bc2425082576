/**
 * A worker's name as its outputs, its alarms and its construct's id begin with it: `Inbound`.
 *
 * @param name of the worker, in lower case: `inbound`
 */
export function capitalize<Name extends string>(name: Name): Capitalize<Name> {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}` as Capitalize<Name>;
}

/**
 * The names of a deployment's outputs, which the commands find its parts by. If it is not all of its stack, the outputs of
 * its stack have its construct's id before these names.
 */
export const outputNames = {
  webhookUrl: 'WebhookUrl',
  routes: 'Routes',
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
  queueUrl: (worker: string) => `${capitalize(worker)}QueueUrl` as const,
  deadLetterQueueUrl: (worker: string) => `${capitalize(worker)}DeadLetterQueueUrl` as const,
} as const;

/** Every name that an output may have; which of them are there depends on the settings and on the workers. */
export type OutputName =
  | Extract<(typeof outputNames)[keyof typeof outputNames], string>
  | `${string}QueueUrl`;

/** A deployment's outputs, as far as it has them. */
export type Outputs = Readonly<Partial<Record<OutputName, string>>>;
