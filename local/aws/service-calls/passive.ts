import type { ResourceType, TemplateResource } from './resource-type.ts';

/** Types of resources that call nothing: they are called, or looked at, or say who may call. */
export const passiveTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': { properties: ['Analytics'] },
  'AWS::CloudWatch::Dashboard': { properties: ['DashboardBody', 'DashboardName'] },

  'AWS::DynamoDB::GlobalTable': {
    properties: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'Replicas',
      'TableName',
      'TimeToLiveSpecification',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
    // A replica may have a policy of its own, which is not read here.
    calls: only('Replicas', [
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'PointInTimeRecoverySpecification',
      'ReadOnDemandThroughputSettings',
      'ReadProvisionedThroughputSettings',
      'Region',
      'TableClass',
      'Tags',
    ]),
  },
  'AWS::DynamoDB::Table': {
    properties: [
      'AttributeDefinitions',
      'BillingMode',
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'OnDemandThroughput',
      'PointInTimeRecoverySpecification',
      'ProvisionedThroughput',
      'TableClass',
      'TableName',
      'Tags',
      'TimeToLiveSpecification',
    ],
  },

  'AWS::Glue::Database': { properties: ['CatalogId', 'DatabaseInput'] },
  'AWS::Glue::Table': { properties: ['CatalogId', 'DatabaseName', 'TableInput'] },

  'AWS::IAM::ManagedPolicy': {
    properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
  },
  'AWS::IAM::Policy': { properties: ['PolicyDocument', 'PolicyName', 'Roles'] },
  'AWS::IAM::Role': {
    properties: [
      'AssumeRolePolicyDocument',
      'Description',
      'ManagedPolicyArns',
      'MaxSessionDuration',
      'Path',
      'Policies',
      'RoleName',
      'Tags',
    ],
  },

  'AWS::Logs::LogGroup': {
    properties: ['LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
  },
  'AWS::Logs::LogStream': { properties: ['LogGroupName', 'LogStreamName'] },
  'AWS::Logs::MetricFilter': {
    properties: [
      'ApplyOnTransformedLogs',
      'FilterName',
      'FilterPattern',
      'LogGroupName',
      'MetricTransformations',
    ],
  },
  'AWS::Logs::QueryDefinition': {
    properties: ['LogGroupNames', 'Name', 'QueryLanguage', 'QueryString'],
  },
  'AWS::Logs::ResourcePolicy': { properties: ['PolicyDocument', 'PolicyName'] },

  'AWS::S3::Bucket': {
    properties: [
      'BucketEncryption',
      'BucketName',
      'LifecycleConfiguration',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'Tags',
      'VersioningConfiguration',
    ],
    calls: ownEncryption,
  },
  'AWS::S3::BucketPolicy': { properties: ['Bucket', 'PolicyDocument'] },

  'AWS::SecretsManager::Secret': {
    properties: ['Description', 'GenerateSecretString', 'Name', 'SecretString', 'Tags'],
  },
  'AWS::SSM::Parameter': {
    properties: ['AllowedPattern', 'DataType', 'Description', 'Name', 'Tags', 'Tier', 'Type', 'Value'],
  },
  'AWS::SecretsManager::ResourcePolicy': {
    properties: ['BlockPublicPolicy', 'ResourcePolicy', 'SecretId'],
  },
};

/** Refuses members of a list's objects that are not among these. */
function only(property: string, names: readonly string[]) {
  return (resource: TemplateResource) => {
    for (const each of [resource.get(property)].flat()) resource.expects(names, each, property);
    return [];
  };
}

/** A key of KMS has a policy of its own, which would have to permit whoever writes or reads. */
function ownEncryption(bucket: TemplateResource) {
  const { ServerSideEncryptionConfiguration: rules = [] } = Object(bucket.get('BucketEncryption')) as {
    ServerSideEncryptionConfiguration?: { ServerSideEncryptionByDefault?: { SSEAlgorithm?: string } }[];
  };
  const strange = rules.find(
    ({ ServerSideEncryptionByDefault }) => ServerSideEncryptionByDefault?.SSEAlgorithm !== 'AES256',
  );
  if (strange) throw bucket.unknown('BucketEncryption with a key of KMS');
  return [];
}
