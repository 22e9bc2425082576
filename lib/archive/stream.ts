import { Duration, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  MetadataExtractionProcessor,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnLogStream, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { eventsPrefix, otherTypes, partitionTypes } from '../../lambda/archive/layout.ts';

/**
 * Firehose writes an object per partition when its buffer is this old or this large; both are its most, which
 * makes the fewest objects. With dynamic partitioning it takes no less than 64 MiB and 60 s, and may be one and a
 * half times as late.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
 */
export const bufferFor = Duration.minutes(15);
const bufferSize = Size.mebibytes(128);

/** The keys of a record's partition, in jq, which Firehose runs on every record. */
const partitionKeys = {
  day: '.receivedAt[0:10]',
  event_type: `(if .type | IN(${partitionTypes.map((type) => JSON.stringify(type)).join(',')}) then .type else ${JSON.stringify(otherTypes)} end)`,
};

/**
 * Firehose's way into the bucket: a folder per day and event type.
 *
 * @param scope the archive, whose children's ids never change: another id is another stream, and what the old one holds is late
 * @param logGroup for what it fails to deliver
 */
export function createStream(scope: Construct, bucket: IBucket, logGroup: LogGroup): DeliveryStream {
  const { role, policy } = createDeliveryRole(scope, bucket, logGroup);
  const stream = new DeliveryStream(scope, 'Stream', {
    encryption: StreamEncryption.awsOwnedKey(),
    destination: new S3Bucket(bucket, {
      // CDK would add all that a bucket allows, with wildcards.
      role: role.withoutPolicyUpdates(),
      loggingConfig: new EnableLogging(logGroup),
      bufferingInterval: bufferFor,
      bufferingSize: bufferSize,
      compression: Compression.GZIP,
      dynamicPartitioning: { enabled: true },
      processors: [MetadataExtractionProcessor.jq16(partitionKeys)],
      dataOutputPrefix: `${eventsPrefix}day=!{partitionKeyFromQuery:day}/event_type=!{partitionKeyFromQuery:event_type}/`,
      errorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/',
    }),
  });
  // It tries its role when it is created.
  stream.node.addDependency(policy);
  // The log stream goes with its group; CDK would keep it.
  for (const logStream of logGroup.node.findAll().filter((each) => CfnLogStream.isCfnLogStream(each))) {
    logStream.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
  // Addresses for destinations in a network, which this has none of.
  Stack.of(scope).node.tryRemoveChild('@aws-cdk--aws-kinesisfirehose.CidrBlocks');
  return stream;
}

/**
 * What Firehose needs to deliver, and nothing more.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
function createDeliveryRole(
  scope: Construct,
  bucket: IBucket,
  logGroup: LogGroup,
): { role: Role; policy: Policy } {
  const role = new Role(scope, 'DeliveryRole', {
    assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
    description: 'Delivers archived events to their bucket',
  });
  const policy = new Policy(scope, 'Delivery', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
      new PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        resources: [bucket.arnForObjects('*')],
      }),
      new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    ],
  });
  const bucketId = Stack.of(scope).getLogicalId(bucket.node.defaultChild as CfnBucket);
  Validations.of(policy).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
    reason: 'Firehose names its objects itself, and the bucket holds nothing else.',
  });
  return { role, policy };
}
