import { Duration, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Database,
  DataFormat,
  DateIntervalUnit,
  PartitionProjectionConfiguration,
  S3Table,
  S3TableStorage,
  Schema,
} from 'aws-cdk-lib/aws-glue';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  MetadataExtractionProcessor,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogStream, LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ArchiveVariable } from '../lambda/archive/env.ts';
import { eventsPrefix, otherTypes, partitionTypes } from '../lambda/archive/layout.ts';
import { dataRemovalPolicy, type Settings } from './config.ts';
import { logsLink, streamLink } from './console-link.ts';
import type { Monitoring } from './monitoring.ts';

/**
 * Firehose writes an object per partition when its buffer is this old or this large; both are its most, which
 * makes the fewest objects. With dynamic partitioning it takes no less than 64 MiB and 60 s, and may be one and a
 * half times as late.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
 */
const bufferFor = Duration.minutes(15);
const bufferSize = Size.mebibytes(128);

/**
 * Every accepted event as it was signed: an Amazon Data Firehose stream into a bucket, a folder per day and event
 * type, and a table over it for Athena.
 */
export class Archive extends Construct {
  readonly bucket: IBucket;
  readonly stream: DeliveryStream;
  /** Database and table, as a query names them. */
  readonly tableName: string;

  constructor(scope: Construct, id: string, settings: Settings, monitoring: Monitoring) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // Nothing is ever overwritten, and what is deleted is to be gone (docs/decisions/0016).
      versioned: false,
      lifecycleRules: [
        {
          expiration: Duration.days(settings.archiveDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: dataRemovalPolicy(settings),
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Only Firehose writes here. Who reads single objects is told by data events of CloudTrail, which are the ' +
        "account's to switch on: access logs would need another bucket, and come late and incomplete. " +
        'https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html',
    });
    // CDK's own type of it does not pass exactOptionalPropertyTypes.
    this.bucket = bucket as IBucket;
    const errors = new LogGroup(this, 'StreamLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stream = this.#stream(errors);
    this.tableName = this.#table(settings);

    monitoring.alarm('ArchiveDelayed', '', {
      // The age of the oldest record that is not in S3 yet.
      metric: this.stream.metric('DeliveryToS3.DataFreshness', {
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 3 * bufferFor.toSeconds(),
      because: 'Firehose collects for 15 minutes and may take half as long again; 45 are no accident.',
      urgency: 'notice',
      look: streamLink(this.stream),
      next: `aws firehose describe-delivery-stream --delivery-stream-name ${this.stream.deliveryStreamName}`,
      impact:
        'Accepted events do not reach the archive. Firehose keeps them for 24 hours, then they are missing.',
    });
    monitoring.alarm('ArchiveErrors', '', {
      // Firehose writes there when something fails, and nothing else. What it cannot partition it delivers under
      // errors/, so its own metrics stay good.
      // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html
      // Not the group's own `metricIncomingLogEvents`: CDK names a metric that CloudWatch Logs does not have, and
      // leaves the group out.
      metric: new Metric({
        namespace: 'AWS/Logs',
        metricName: 'IncomingLogEvents',
        dimensionsMap: { LogGroupName: errors.logGroupName },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: 1,
      because: 'Firehose logs failures only: a healthy stream writes no line.',
      urgency: 'notice',
      look: logsLink(errors),
      next: `aws logs tail ${errors.logGroupName} --since 1h`,
      impact:
        'Accepted events do not reach their place in the archive: some may lie under errors/, where no replay finds them.',
    });
  }

  /** The variables of a function that archives. */
  get environment(): Record<ArchiveVariable, string> {
    return { ARCHIVE_STREAM: this.stream.deliveryStreamName };
  }

  /** Lets a function put records, and watches it for those that it could not put. */
  serve(fn: LambdaFunction, monitoring: Monitoring): void {
    this.stream.grant(fn, 'firehose:PutRecord');
    monitoring.alarm('ArchiveIncomplete', '', {
      metric: monitoring
        .count('ArchiveFailed', fn.logGroup, { message: 'archive_failed' })
        .with({ period: Duration.minutes(1) }),
      threshold: 1,
      because: 'each is one event that a replay will not bring.',
      urgency: 'notice',
      look: logsLink(fn.logGroup),
      next: `aws logs tail ${fn.logGroup.logGroupName} --since 15m --filter-pattern archive_failed`,
      impact:
        'Accepted events are missing in the archive, and cannot be replayed from it. They are handled all the same.',
    });
  }

  #stream(logGroup: LogGroup): DeliveryStream {
    const { role, policy } = this.#deliveryRole(logGroup);
    const stream = new DeliveryStream(this, 'Stream', {
      encryption: StreamEncryption.awsOwnedKey(),
      destination: new S3Bucket(this.bucket, {
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
    Stack.of(this).node.tryRemoveChild('@aws-cdk--aws-kinesisfirehose.CidrBlocks');
    return stream;
  }

  /**
   * What Firehose needs to deliver, and nothing more.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
   */
  #deliveryRole(logGroup: LogGroup): { role: Role; policy: Policy } {
    const role = new Role(this, 'DeliveryRole', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
      description: 'Delivers archived events to their bucket',
    });
    const policy = new Policy(this, 'Delivery', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [this.bucket.bucketArn],
        }),
        new PolicyStatement({
          actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          resources: [this.bucket.arnForObjects('*')],
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ],
    });
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(policy).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
      reason: 'Firehose names its objects itself, and the bucket holds nothing else.',
    });
    return { role, policy };
  }

  /** Athena's view of the bucket. Partitions follow from the layout, so that nothing has to register them. */
  #table(settings: Settings): string {
    const databaseName = `${Stack.of(this).stackName.toLowerCase().replace(/\W/g, '_')}_archive`;
    const text = Schema.STRING;
    const database = new Database(this, 'Database', { databaseName });
    // It holds no data, and its name would be in the way of the next deployment.
    database.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const table = new S3Table(this, 'Table', {
      database,
      tableName: 'events',
      storage: S3TableStorage.fromBucket(this.bucket),
      s3Prefix: eventsPrefix,
      dataFormat: DataFormat.JSON,
      compressed: true,
      columns: ['receivedat', 'id', 'type', 'projectid', 'event'].map((name) => ({ name, type: text })),
      partitionKeys: ['day', 'event_type'].map((name) => ({ name, type: text })),
      partitionProjection: {
        day: PartitionProjectionConfiguration.date({
          // A day more than objects stay: S3 deletes them at midnight after their time.
          min: `NOW-${settings.archiveDays + 1}DAYS`,
          max: 'NOW',
          format: 'yyyy-MM-dd',
          step: { interval: 1, intervalUnit: DateIntervalUnit.DAYS },
        }),
        event_type: PartitionProjectionConfiguration.enum({ values: [...partitionTypes] }),
      },
    });
    return `${databaseName}.${table.tableName}`;
  }
}

/** The keys of a record's partition, in jq, which Firehose runs on every record. */
const partitionKeys = {
  day: '.receivedAt[0:10]',
  event_type: `(if .type | IN(${partitionTypes.map((type) => JSON.stringify(type)).join(',')}) then .type else ${JSON.stringify(otherTypes)} end)`,
};
