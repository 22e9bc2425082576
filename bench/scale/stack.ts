/** The outputs of a stack with one worker, as CloudFormation gives them. */
export function outputs(own: Readonly<Record<string, string>>): Record<string, string> {
  return {
    WebhookUrl: 'https://hooks.example.com/webhooks/zavu',
    SigningSecretName: 'secret',
    AcceptedSignatures: 'v2',
    ArchiveBucketName: 'archive',
    ReplayWindowSeconds: String(30 * 86_400),
    Routes: 'inbound=message.inbound',
    InboundQueueUrl: 'https://sqs.invalid/inbound',
    InboundDeadLetterQueueUrl: 'https://sqs.invalid/dead',
    UnroutedQueueUrl: 'https://sqs.invalid/unrouted',
    ...own,
  };
}

/**
 * The environment of a command that works on a stack whose services are on this machine.
 *
 * @param endpoints by the service's name in `AWS_ENDPOINT_URL_<NAME>`
 */
export function environment(endpoints: Readonly<Record<string, string>>): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // Nothing else is there: a call is refused.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    ...Object.fromEntries(
      Object.entries(endpoints).map(([service, endpoint]) => [`AWS_ENDPOINT_URL_${service}`, endpoint]),
    ),
  };
}
