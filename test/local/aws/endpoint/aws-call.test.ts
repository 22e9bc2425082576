import { parseAwsCalls } from '../../../../local/aws/endpoint/aws-call.ts';

const signed = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=Function/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
const call = (service: string, target: string, body: object) =>
  parseAwsCalls({ authorization: signed(service), 'x-amz-target': target }, JSON.stringify(body));

test.each([
  [
    'sqs',
    'AmazonSQS.SendMessage',
    { QueueUrl: 'http://127.0.0.1:1/000000000000/Queue' },
    'sqs:SendMessage',
    'sqs:us-east-1:000000000000:Queue',
  ],
  [
    'sqs',
    'AmazonSQS.GetQueueUrl',
    { QueueName: 'Queue' },
    'sqs:GetQueueUrl',
    'sqs:us-east-1:000000000000:Queue',
  ],
  [
    'sqs',
    'AmazonSQS.DeleteMessageBatch',
    { QueueUrl: 'http://127.0.0.1:1/000000000000/Queue', Entries: [{ Id: '0' }] },
    'sqs:DeleteMessage',
    'sqs:us-east-1:000000000000:Queue',
  ],
  [
    'dynamodb',
    'DynamoDB_20120810.PutItem',
    { TableName: 'Table' },
    'dynamodb:PutItem',
    'dynamodb:us-east-1:000000000000:table/Table',
  ],
  [
    'dynamodb',
    'DynamoDB_20120810.GetItem',
    { TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/Table' },
    'dynamodb:GetItem',
    'dynamodb:us-east-1:000000000000:table/Table',
  ],
  [
    'dynamodb',
    'DynamoDB_20120810.Query',
    { TableName: 'Table', IndexName: 'byPhone' },
    'dynamodb:Query',
    'dynamodb:us-east-1:000000000000:table/Table/index/byPhone',
  ],
  [
    'firehose',
    'Firehose_20150804.PutRecord',
    { DeliveryStreamName: 'Stream' },
    'firehose:PutRecord',
    'firehose:us-east-1:000000000000:deliverystream/Stream',
  ],
  [
    // Another permission, not that of the single call.
    'firehose',
    'Firehose_20150804.PutRecordBatch',
    { DeliveryStreamName: 'Stream' },
    'firehose:PutRecordBatch',
    'firehose:us-east-1:000000000000:deliverystream/Stream',
  ],
  [
    'secretsmanager',
    'secretsmanager.GetSecretValue',
    { SecretId: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Secret-local-000000' },
    'secretsmanager:GetSecretValue',
    'secretsmanager:us-east-1:000000000000:secret:Secret-local-000000',
  ],
  [
    'events',
    'AWSEvents.PutEvents',
    { Entries: [{ EventBusName: 'Bus' }, { EventBusName: 'Bus' }] },
    'events:PutEvents',
    'events:us-east-1:000000000000:event-bus/Bus',
  ],
  [
    'events',
    'AWSEvents.PutEvents',
    { Entries: [{ EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/Bus' }] },
    'events:PutEvents',
    'events:us-east-1:000000000000:event-bus/Bus',
  ],
  [
    'events',
    'AWSEvents.PutEvents',
    { Entries: [{ Source: 'zavu' }] },
    'events:PutEvents',
    'events:us-east-1:000000000000:event-bus/default',
  ],
])('%s: %s', (service, target, body, action, resource) => {
  expect(call(service, target, body)).toEqual([
    { service, accessKeyId: 'Function', action, resource: `arn:aws:${resource}` },
  ]);
});

test.each([
  ['GetItem', { Key: { id: { S: '1' } } }],
  ['PutItem', { Item: { id: { S: '1' } } }],
])('%s of a table names its item', (operation, of) => {
  const item = { id: { S: '1' } };
  expect(call('dynamodb', `DynamoDB_20120810.${operation}`, { TableName: 'Table', ...of })).toMatchObject([
    { item },
  ]);
});

test('entries for several buses name no one of them', () => {
  const Entries = [{ EventBusName: 'Bus' }, { EventBusName: 'Other' }];
  expect(call('events', 'AWSEvents.PutEvents', { Entries })).toEqual([]);
});

test('an unsigned call, one without an operation, one that names nothing', () => {
  const body = JSON.stringify({ QueueName: 'Queue' });
  expect(parseAwsCalls({ 'x-amz-target': 'AmazonSQS.GetQueueUrl' }, body)).toEqual([]);
  expect(parseAwsCalls({ authorization: signed('sqs') }, body)).toEqual([]);
  expect(call('sqs', 'AmazonSQS.ListQueues', {})).toEqual([]);
  expect(
    parseAwsCalls({ authorization: signed('sqs'), 'x-amz-target': 'AmazonSQS.GetQueueUrl' }, 'x'),
  ).toEqual([]);
});

test('a batch of DynamoDB acts on each of its tables, and a transaction does with each item what it does alone', () => {
  const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
  expect(
    call('dynamodb', 'DynamoDB_20120810.BatchWriteItem', { RequestItems: { One: [], Two: [] } }),
  ).toMatchObject([
    { action: 'dynamodb:BatchWriteItem', resource: table('One') },
    { action: 'dynamodb:BatchWriteItem', resource: table('Two') },
  ]);
  const TransactItems = [
    { Put: { TableName: 'One', Item: { id: { S: '1' } } } },
    { ConditionCheck: { TableName: 'Two', Key: { id: { S: '2' } } } },
  ];
  expect(call('dynamodb', 'DynamoDB_20120810.TransactWriteItems', { TransactItems })).toMatchObject([
    { action: 'dynamodb:PutItem', resource: table('One'), item: { id: { S: '1' } } },
    { action: 'dynamodb:ConditionCheckItem', resource: table('Two'), item: { id: { S: '2' } } },
  ]);
});

test.each(['Publish', 'PublishBatch'])('%s of SNS is a form, and needs one permission', (Action) => {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:Orders';
  const form = new URLSearchParams({ Action, TopicArn, Version: '2010-03-31' }).toString();
  expect(parseAwsCalls({ authorization: signed('sns') }, form)).toEqual([
    { service: 'sns', accessKeyId: 'Function', action: 'sns:Publish', resource: TopicArn },
  ]);
});

test('an ARN of a secret may be without the six characters at its end', () => {
  const SecretId = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/crm';
  expect(call('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId })).toMatchObject([
    { resource: `${SecretId}-000000` },
  ]);
});
