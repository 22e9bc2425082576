import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ArchiveVariable } from '../../lambda/archive/env.ts';
import { settingsOf } from '../settings/scope.ts';
import { addDeliveryAlarms, addIncompleteAlarm } from './alarms.ts';
import { createTable } from './athena-table.ts';
import { createStream } from './stream.ts';

/**
 * Every accepted event as it was signed: an Amazon Data Firehose stream into a bucket, a folder per day and event
 * type, and a table over it for Athena.
 */
export class Archive extends Construct {
  readonly bucket: IBucket;
  readonly stream: DeliveryStream;
  /** Database and table, as a query names them. */
  readonly tableName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { archiveRetentionDays, logRetentionDays } = settingsOf(this);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // Nothing is ever overwritten, and what is deleted is to be gone (docs/decisions/0016).
      versioned: false,
      lifecycleRules: [
        {
          expiration: Duration.days(archiveRetentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
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
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stream = createStream(this, this.bucket, errors);
    this.tableName = createTable(this, this.bucket);
    addDeliveryAlarms(this, this.stream, errors);
  }

  /** The variables of a function that archives. */
  get environment(): Record<ArchiveVariable, string> {
    return { ARCHIVE_STREAM: this.stream.deliveryStreamName };
  }

  /** Lets a function put records, and watches it for those that it could not put. */
  serve(fn: LambdaFunction): void {
    this.stream.grant(fn, 'firehose:PutRecord');
    addIncompleteAlarm(this, fn.logGroup);
  }
}
