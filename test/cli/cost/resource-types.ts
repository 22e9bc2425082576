/** Resource types that the cost model reads in the template: their number or their settings change the estimate. */
export const counted: readonly string[] = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

/** Resource types that AWS charges by the event or by the poll, and not for being there. */
export const chargedByUse: readonly string[] = [
  'AWS::ApiGatewayV2::Api',
  'AWS::Events::EventBus',
  'AWS::Lambda::EventSourceMapping',
  'AWS::SQS::Queue',
];

/** Resource types that AWS does not charge. A text says why, if the reason is not obvious. */
export const free: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Integration': '',
  'AWS::ApiGatewayV2::Route': '',
  'AWS::ApiGatewayV2::Stage': '',
  'AWS::CodeDeploy::Application':
    'Deployments to Lambda are free. https://aws.amazon.com/codedeploy/pricing/',
  'AWS::CodeDeploy::DeploymentGroup': 'The same.',
  'AWS::Events::Rule': 'A schedule and its invocations are free. https://aws.amazon.com/eventbridge/pricing/',
  'AWS::Glue::Database': 'A million objects of the catalogue are free. https://aws.amazon.com/glue/pricing/',
  'AWS::Glue::Table': 'The same. Athena charges queries, which are left out.',
  'AWS::IAM::Policy': '',
  'AWS::IAM::Role': '',
  'AWS::Lambda::Alias': '',
  'AWS::Lambda::EventInvokeConfig': '',
  'AWS::Lambda::Permission': '',
  'AWS::Lambda::Version': '',
  'AWS::Logs::LogStream': '',
  'AWS::Logs::QueryDefinition': 'The stored query is free. AWS charges each run, which is left out.',
  'AWS::S3::BucketPolicy': '',
  'AWS::SNS::Subscription': 'A thousand e-mails a month are free, then $2 for 100,000: left out.',
  'AWS::SNS::Topic': '',
  'AWS::SNS::TopicPolicy': '',
  'AWS::SQS::QueuePolicy': '',
};
