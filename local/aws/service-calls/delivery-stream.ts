import { arn } from '../template/intrinsics.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

/** Firehose, which delivers to a bucket in a role of its own. */
export const deliveryStreamTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::KinesisFirehose::DeliveryStream': {
    properties: [
      'DeliveryStreamEncryptionConfigurationInput',
      'DeliveryStreamName',
      'DeliveryStreamType',
      'ExtendedS3DestinationConfiguration',
      'Tags',
    ],
    calls: delivery,
  },
};

interface Destination {
  BucketARN: string;
  RoleARN: string;
  Prefix?: string;
  ErrorOutputPrefix?: string;
  CloudWatchLoggingOptions?: { Enabled?: boolean; LogGroupName?: string; LogStreamName?: string };
  ProcessingConfiguration?: { Processors?: { Type: string }[] };
}

const destinationParts = [
  'BucketARN',
  'BufferingHints',
  'CloudWatchLoggingOptions',
  'CompressionFormat',
  'DynamicPartitioningConfiguration',
  'ErrorOutputPrefix',
  'FileExtension',
  'Prefix',
  'ProcessingConfiguration',
  'RoleARN',
];

/** Processors that Firehose runs itself. One of Lambda's would have to be permitted. */
const ownProcessors = ['MetadataExtraction', 'AppendDelimiterToRecord', 'RecordDeAggregation'];

const context = { 'aws:SecureTransport': 'true' };

/**
 * Firehose tries the trust of its role when the stream is created. What the role lacks beyond that, only the stream's
 * error log and its metrics tell.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
function delivery(stream: TemplateResource): ServiceCall[] {
  const { KeyType = 'AWS_OWNED_CMK' } = Object(stream.get('DeliveryStreamEncryptionConfigurationInput')) as {
    KeyType?: string;
  };
  if (KeyType !== 'AWS_OWNED_CMK') throw stream.unknown(`the encryption by ${KeyType}`);
  const type = stream.get('DeliveryStreamType') ?? 'DirectPut';
  if (type !== 'DirectPut') throw stream.unknown(`the source ${type}`);
  const destination = stream.get('ExtendedS3DestinationConfiguration') as Destination | undefined;
  if (!destination) throw stream.unknown('the destination');
  stream.expects(destinationParts, destination, 'ExtendedS3DestinationConfiguration');
  const strange = destination.ProcessingConfiguration?.Processors?.find(
    ({ Type }) => !ownProcessors.includes(Type),
  );
  if (strange) throw stream.unknown(`the processor ${strange.Type}`);

  const { BucketARN, RoleARN, Prefix = '', ErrorOutputPrefix = '', CloudWatchLoggingOptions } = destination;
  const objects = [Prefix, ErrorOutputPrefix].map((prefix) => `${BucketARN}/${prefix}object`);
  const { Enabled, LogGroupName } = CloudWatchLoggingOptions ?? {};
  const needs = [
    ...ofRole([BucketARN], ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads']),
    ...ofRole(objects, ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject']),
  ];
  const logStream = arn('logs', `log-group:${LogGroupName}:log-stream:local`);
  const calls = needs.map(([action, resource]) => ({
    from: stream.id,
    call: { principal: RoleARN, action, resource, context },
    consequence: 'deliver nothing',
  }));
  const trust = { principal: 'firehose.amazonaws.com', action: 'sts:AssumeRole', resource: RoleARN, context };
  const log = { principal: RoleARN, action: 'logs:PutLogEvents', resource: logStream, context };
  return [
    { from: stream.id, call: trust },
    ...calls,
    ...(Enabled ? [{ from: stream.id, call: log, consequence: 'not tell of its errors' }] : []),
  ];
}

function ofRole(resources: readonly string[], actions: readonly string[]) {
  return resources.flatMap((resource) => actions.map((action) => [action, resource] as const));
}
