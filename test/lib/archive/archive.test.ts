import { Match } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { partitionPrefixes, partitionTypes } from '../../../lambda/archive/layout.ts';
import { recordLine } from '../../../lambda/archive/record.ts';
import { longestLadder } from '../../../lambda/zavu/delivery.ts';
import { deliveryStreams, loadJq } from '../../../local/aws/firehose/firehose.ts';
import { resources, synthesizeStack, target } from '../../support/template.ts';

const template = synthesizeStack({ archive: 'true', archiveRetentionDays: '30' });
const without = synthesizeStack();
const [[bucketId = '', bucket] = []] = resources(template, 'AWS::S3::Bucket');
const [[streamId = '', stream] = []] = resources(template, 'AWS::KinesisFirehose::DeliveryStream');
const destination = stream?.Properties.ExtendedS3DestinationConfiguration as Record<string, unknown>;

test('nothing of it is there until it is switched on', () => {
  for (const type of [
    'AWS::S3::Bucket',
    'AWS::KinesisFirehose::DeliveryStream',
    'AWS::Glue::Database',
    'AWS::Glue::Table',
  ]) {
    without.resourceCountIs(type, 0);
    template.resourceCountIs(type, 1);
  }
  expect(JSON.stringify(without.toJSON())).not.toMatch(/ARCHIVE|firehose/i);
  expect(template.toJSON()).not.toHaveProperty('Mappings');
});

test('the bucket is private, encrypted, takes TLS only, and empties itself', () => {
  expect(bucket?.Properties).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
  });
  // Versions would outlive what was deleted.
  expect(bucket?.Properties).not.toHaveProperty('VersioningConfiguration');
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: bucketId },
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    },
  });
});

test('prod keeps it, dev does not; the table over it goes with the stack', () => {
  const prod = synthesizeStack({ archive: 'true', stage: 'prod' });
  expect(resources(prod, 'AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(bucket?.DeletionPolicy).toBe('Delete');
  for (const type of ['AWS::Glue::Database', 'AWS::Glue::Table', 'AWS::Logs::LogStream']) {
    expect(resources(prod, type)[0]?.[1].DeletionPolicy ?? '').not.toMatch(/Retain/);
  }
});

test('Firehose writes compressed objects by day and type, in the least number', () => {
  expect(stream?.Properties).toMatchObject({
    DeliveryStreamType: 'DirectPut',
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
  });
  expect(destination).toMatchObject({
    CompressionFormat: 'GZIP',
    DynamicPartitioningConfiguration: { Enabled: true },
    BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
    CloudWatchLoggingOptions: { Enabled: true },
  });
  expect(destination.ErrorOutputPrefix).not.toMatch(/^events/);
});

test('Firehose may deliver and nothing else; the receiver may put single records', () => {
  const grants = resources(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
    const { Roles, PolicyDocument } = Properties as Record<string, unknown> & {
      Roles: unknown[];
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
    };
    const role = target(Roles[0]) ?? '';
    return PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => ({ role, action, on: JSON.stringify(Resource) })),
    );
  });
  const delivering = grants.filter(({ role }) => role === target(destination.RoleARN));
  expect(delivering.map(({ action }) => action).sort()).toEqual([
    'logs:PutLogEvents',
    's3:AbortMultipartUpload',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:PutObject',
  ]);
  for (const { action, on } of delivering)
    expect(on).toContain(action.startsWith('s3') ? bucketId : 'StreamLogs');
  expect(stream).toHaveProperty('DependsOn', [expect.stringMatching(/^ArchiveDelivery/)]);

  const putting = grants.filter(({ action }) => action.startsWith('firehose:'));
  expect(putting).toEqual([
    {
      role: expect.stringMatching(/^ReceiverFunctionRole/),
      action: 'firehose:PutRecord',
      on: JSON.stringify({ 'Fn::GetAtt': [streamId, 'Arn'] }),
    },
  ]);
  // Reading is for people: no function of the stack may.
  const readers = grants.filter(
    ({ role, on }) => on.includes(bucketId) && role !== target(destination.RoleARN),
  );
  expect(readers).toEqual([]);
});

describe('partitions', () => {
  const [[, { prefix, query }] = [] as never] = deliveryStreams(
    { resources: template.toJSON().Resources, outputs: {}, assetDirectory: String },
    (value) => value,
  );

  /** Where Firehose puts a record, by the template's own query. */
  async function prefixOf(type: string, at: string): Promise<string> {
    const line = recordLine({ id: 'evt_1', type }, Buffer.from('{}'), Date.parse(at)) ?? '';
    const keys = Object((await loadJq()).json(JSON.parse(line), query));
    return prefix.replace(/!\{partitionKeyFromQuery:(\w+)\}/g, (_, key) => keys[key]);
  }

  test.each(partitionTypes)('%s has one, of the day in UTC', async (type) => {
    const found = await prefixOf(type, '2026-11-25T23:59:59.999-01:00');
    expect(found).toBe(`events/day=2026-11-26/event_type=${type}/`);
    expect(partitionPrefixes('2026-11-26', type)).toContain(found);
  });

  test('no type that is not known makes one: it lies among the others', async () => {
    const types = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(
        '../../x',
        'a/b',
        'message.inbound/',
        '!{timestamp:yyyy}',
        '__proto__',
        '"',
        'MESSAGE.INBOUND',
      ),
    );
    await fc.assert(
      fc.asyncProperty(types, async (type) => {
        const found = await prefixOf(type, '2026-11-25T00:00:00Z');
        expect(found).toBe('events/day=2026-11-25/event_type=other/');
        expect(partitionPrefixes('2026-11-25', type)).toContain(found);
      }),
      { numRuns: 200 },
    );
  });

  test('a query of jq is as short as Firehose takes', () => {
    expect(query.length).toBeLessThan(5_120);
  });
});

test('Athena finds the partitions by itself', () => {
  template.hasResourceProperties('AWS::Glue::Table', {
    TableInput: Match.objectLike({
      Name: 'events',
      PartitionKeys: [
        { Name: 'day', Type: 'string' },
        { Name: 'event_type', Type: 'string' },
      ],
      Parameters: Match.objectLike({
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.range': 'NOW-31DAYS,NOW',
        'projection.day.format': 'yyyy-MM-dd',
        'projection.event_type.type': 'enum',
        'projection.event_type.values': partitionTypes.join(','),
      }),
      StorageDescriptor: Match.objectLike({
        Location: { 'Fn::Join': ['', ['s3://', { Ref: bucketId }, '/events/']] },
        Columns: ['receivedat', 'id', 'type', 'projectid', 'encoding', 'event'].map((Name) => ({
          Name,
          Type: 'string',
        })),
        SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
      }),
    }),
  });
});

test('an alarm fires if an event is not archived, if the archive does not fill, and if Firehose has errors', () => {
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  expect(alarms).toContainEqual(expect.objectContaining({ MetricName: 'ArchiveFailed', Threshold: 1 }));
  expect(alarms).toContainEqual(
    expect.objectContaining({
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Threshold: 2700,
    }),
  );
  const options = destination.CloudWatchLoggingOptions as { LogGroupName: unknown };
  expect(alarms).toContainEqual(
    expect.objectContaining({
      Namespace: 'AWS/Logs',
      MetricName: 'IncomingLogEvents',
      Dimensions: [{ Name: 'LogGroupName', Value: options.LogGroupName }],
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    }),
  );
  template.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '{ $.message = "archive_failed" }',
  });
});

test('outputs name the bucket and the table, and say how far back a replay is harmless', () => {
  const days = 4 + 14 + 4 + 1 + longestLadder.seconds / 86_400 - 4;
  template.hasOutput('ArchiveBucketName', { Value: { Ref: bucketId } });
  template.hasOutput('ArchiveTableName', { Value: Match.anyValue() });
  template.hasOutput('ReplayWindowSeconds', { Value: String(Math.round(days * 86_400)) });
});
