import { RemovalPolicy } from 'aws-cdk-lib';
import {
  Database,
  DataFormat,
  DateIntervalUnit,
  PartitionProjectionConfiguration,
  S3Table,
  S3TableStorage,
  Schema,
} from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { eventsPrefix, partitionTypes } from '../../lambda/archive/layout.ts';
import { deploymentName } from '../deployment.ts';
import { settingsOf } from '../settings/scope.ts';

/**
 * Athena's view of the bucket. Partitions follow from the layout, so that nothing has to register them.
 *
 * @param scope the archive
 * @returns database and table, as a query names them
 */
export function createTable(scope: Construct, bucket: IBucket): string {
  const { archiveRetentionDays } = settingsOf(scope);
  // Glue takes no hyphen, so one underscore stands for it, and two for an underscore.
  const name = deploymentName(scope).toLowerCase().replaceAll('_', '__').replace(/\W/g, '_');
  const databaseName = `${name}_archive`;
  const text = Schema.STRING;
  const database = new Database(scope, 'Database', { databaseName });
  // It holds no data, and its name would be in the way of the next deployment.
  database.applyRemovalPolicy(RemovalPolicy.DESTROY);
  const table = new S3Table(scope, 'Table', {
    database,
    tableName: 'events',
    storage: S3TableStorage.fromBucket(bucket),
    s3Prefix: eventsPrefix,
    dataFormat: DataFormat.JSON,
    compressed: true,
    columns: ['receivedat', 'id', 'type', 'projectid', 'encoding', 'event'].map((name) => ({
      name,
      type: text,
    })),
    partitionKeys: ['day', 'event_type'].map((name) => ({ name, type: text })),
    partitionProjection: {
      day: PartitionProjectionConfiguration.date({
        // A day more than objects stay: S3 deletes them at midnight after their time.
        min: `NOW-${archiveRetentionDays + 1}DAYS`,
        max: 'NOW',
        format: 'yyyy-MM-dd',
        step: { interval: 1, intervalUnit: DateIntervalUnit.DAYS },
      }),
      event_type: PartitionProjectionConfiguration.enum({ values: [...partitionTypes] }),
    },
  });
  return `${databaseName}.${table.tableName}`;
}
