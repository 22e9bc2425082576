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
  apiKeySecretName: 'ApiKeySecretName',
  archiveBucketName: 'ArchiveBucketName',
  archiveTableName: 'ArchiveTableName',
  replayWindowSeconds: 'ReplayWindowSeconds',
  eventBusName: 'EventBusName',
  eventBusArn: 'EventBusArn',
  unroutedQueueUrl: 'UnroutedQueueUrl',
  eventSources: 'EventSources',
  queueUrl: (worker: string) => `${capitalize(worker)}QueueUrl` as const,
  deadLetterQueueUrl: (worker: string) => `${capitalize(worker)}DeadLetterQueueUrl` as const,
  receiverLogGroupName: 'ReceiverLogGroupName',
  /** `Worker` is part of it, because a worker may be called `receiver`. */
  workerLogGroupName: (worker: string) => `${capitalize(worker)}WorkerLogGroupName` as const,
} as const;

/** Every name that an output may have; which of them are there depends on the settings and on the workers. */
export type OutputName =
  | Extract<(typeof outputNames)[keyof typeof outputNames], string>
  | `${string}QueueUrl`
  | `${string}LogGroupName`;

/** A deployment's outputs, as far as it has them. */
export type Outputs = Readonly<Partial<Record<OutputName, string>>>;

/**
 * What the outputs of each deployment in a stack begin with, in the order of the alphabet; nothing for one that is all of
 * its stack. Each has a URL and a secret: an output of yours that only ends in `WebhookUrl` is none.
 *
 * @param outputs all of the stack's, by their names
 */
export function outputPrefixes(outputs: Readonly<Record<string, unknown>>): string[] {
  const { webhookUrl, signingSecretName } = outputNames;
  return Object.keys(outputs)
    .filter((name) => name.endsWith(webhookUrl))
    .map((name) => name.slice(0, -webhookUrl.length))
    .filter((prefix) => Object.hasOwn(outputs, `${prefix}${signingSecretName}`))
    .sort();
}

/**
 * The outputs of one deployment, by the names that `outputNames` has.
 *
 * @param outputs all of the stack's
 */
export function outputsOf<Output>(
  outputs: Readonly<Record<string, Output>>,
  prefix: string,
): Record<string, Output> {
  const longer = outputPrefixes(outputs).filter((other) => other.startsWith(prefix) && other !== prefix);
  const own = Object.entries(outputs).filter(
    ([name]) => name.startsWith(prefix) && !longer.some((other) => name.startsWith(other)),
  );
  return Object.fromEntries(own.map(([name, output]) => [name.slice(prefix.length), output]));
}
