import { Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { readAssembly } from '../../../local/aws/template/assembly.ts';
import { arn } from '../../../local/aws/template/intrinsics.ts';
import { planDeployment } from '../../../local/deployment/plan.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { ReceivingConstruct, synthesized } from '../../support/receiving-construct.ts';

const aws = { endpoint: 'http://aws', credentialsOf: () => anyCredentials };
const addresses = { queueUrl: (name: string) => `http://q/${name}`, apiEndpoint: 'http://api' };

/** What is absent of an app that grants to a role what it adds. */
function absentOf(add: (stack: Stack, role: IGrantable) => void, texts: Record<string, string> = {}) {
  const directory = synthesized((app) => {
    const stack = new Stack(app, 'Webhooks');
    new ReceivingConstruct(stack, 'Zavu');
    add(stack, new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  });
  const variables = { ofFile: {}, ofSecrets: texts };
  return planDeployment(readAssembly(directory), addresses, aws, variables).absent;
}

const importing = (stack: Stack, role: IGrantable) => {
  Table.fromTableName(stack, 'Customers', 'customers').grantReadData(role);
  Secret.fromSecretNameV2(stack, 'Crm', 'prod/crm').grantRead(role);
  Queue.fromQueueArn(stack, 'Orders', arn('sqs', 'orders')).grantSendMessages(role);
  Topic.fromTopicArn(stack, 'Told', arn('sns', 'told')).grantPublish(role);
  StringParameter.fromStringParameterName(stack, 'Level', '/shop/level').grantRead(role);
};

test('what is imported and granted is named', () => {
  const absent = absentOf(importing);
  expect([...absent.words].sort()).toEqual([
    'parameter shop/level',
    'queue orders',
    'secret prod/crm',
    'table customers',
    'topic told',
  ]);
  expect(absent.importedSecrets).toEqual([
    { arn: arn('secretsmanager', 'secret:prod/crm-000000'), variable: 'ZAVU_LOCAL_SECRET_PROD_CRM' },
  ]);
});

test('an imported secret is here if its variable gives it a text', () => {
  const absent = absentOf(importing, { ZAVU_LOCAL_SECRET_PROD_CRM: 'key' });
  expect(absent.words).not.toContain('secret prod/crm');
  const call = { service: 'secretsmanager', resource: arn('secretsmanager', 'secret:prod/crm-000000') };
  expect(absent.absence(call)).toBeUndefined();
  expect(absentOf(importing).absence(call)).toBe(
    'The secret prod/crm is not in this stack, so it has no text here. Set ZAVU_LOCAL_SECRET_PROD_CRM, in .env.local or in the environment.',
  );
});

test('what the stack has is not absent', () => {
  const absent = absentOf((stack, role) => {
    new Queue(stack, 'Fifo', { fifo: true }).grantSendMessages(role);
    new Topic(stack, 'Told').grantPublish(role);
    new Secret(stack, 'Key', { secretName: 'key' }).grantRead(role);
    new StringParameter(stack, 'Level', { parameterName: '/level', stringValue: '1' }).grantRead(role);
  });
  expect(absent.words).toEqual([]);
});

test('an index is where its table is', () => {
  const absent = absentOf((stack) => {
    new Table(stack, 'Orders', {
      tableName: 'orders',
      partitionKey: { name: 'id', type: AttributeType.STRING },
    });
  });
  const index = (table: string) => ({
    service: 'dynamodb',
    resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/index/byDay`,
  });
  expect(absent.absence(index('orders'))).toBeUndefined();
  expect(absent.absence(index('other'))).toMatch(/^The table other is not in this stack/);
});

test.each([
  [
    'sqs',
    arn('sqs', 'orders'),
    'The queue orders is not',
    ', or start the local run with $SQS_ENDPOINT set to',
  ],
  [
    'dynamodb',
    'arn:aws:dynamodb:eu-west-1:1:table/x',
    'The table arn:aws:dynamodb:eu-west-1:1:table/x is',
    '',
  ],
  ['sns', arn('sns', 'told'), 'The topic told is not', ' when the app runs here.'],
])('a call of %s on %s is answered with what to do', (service, resource, beginning, rest) => {
  const sentence = absentOf(() => undefined).absence({ service, resource });
  expect(sentence).toMatch(new RegExp(`^${beginning}`));
  expect(sentence).toContain(rest);
});

test('a service whose resources have no names is never absent', () => {
  const bus = { service: 'events', resource: arn('events', 'event-bus/default') };
  expect(absentOf(() => undefined).absence(bus)).toBeUndefined();
});
