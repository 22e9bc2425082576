import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assembly, Resource } from '../../../local/aws/template/assembly.ts';
import { arn } from '../../../local/aws/template/intrinsics.ts';
import { planDeployment } from '../../../local/deployment/plan.ts';
import { anyCredentials } from '../../support/credentials.ts';

const directory = mkdtempSync(join(tmpdir(), 'zavu-plan-'));
beforeAll(() => writeFileSync(join(directory, 'index.mjs'), 'export const handler = async () => {};'));
afterAll(() => rmSync(directory, { recursive: true }));

const resources: Record<string, Resource> = {
  Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
  CrmKey: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'prod/crm-key' } },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'any.zip' },
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { WORKER_NAME: 'inbound', QUEUE_URL: { Ref: 'Queue' } } },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      FunctionName: { Ref: 'Worker' },
      BatchSize: 7,
    },
  },
};
const addresses = {
  queueUrl: (id: string) => `http://127.0.0.1:1/000000000000/${id}`,
  apiEndpoint: 'http://127.0.0.1:2',
};

/** The plan of these resources, with changes. */
function planOf(changes: Record<string, Partial<Resource>> = {}) {
  const changed = Object.entries(changes).map(([id, change]) => [id, { ...resources[id], ...change }]);
  const assembly: Assembly = {
    resources: { ...resources, ...Object.fromEntries(changed) },
    outputs: {
      QueueUrl: { Value: { Ref: 'Queue' } },
      SigningSecretName: { Value: 'Secret-local' },
    },
    assetDirectory: () => directory,
  };
  return planDeployment(assembly, addresses, {
    endpoint: 'http://127.0.0.1:1',
    credentialsOf: () => anyCredentials,
  });
}

test('a plan has the values of the template, with its intrinsics resolved', () => {
  const { functions, eventSources, signingSecret, userSecrets, outputs, streams, apiId } = planOf();
  expect(functions).toMatchObject([
    {
      name: 'Worker',
      module: join(directory, 'index.mjs'),
      environment: {
        WORKER_NAME: 'inbound',
        QUEUE_URL: addresses.queueUrl('Queue'),
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      },
    },
  ]);
  expect(eventSources).toMatchObject([
    {
      source: { queueArn: arn('sqs', 'Queue'), queueUrl: addresses.queueUrl('Queue'), batchSize: 7 },
      target: { name: 'Worker' },
    },
  ]);
  expect(signingSecret).toBe(arn('secretsmanager', 'secret:Secret-local-000000'));
  expect(userSecrets).toMatchObject([{ arn: arn('secretsmanager', 'secret:prod/crm-key-000000') }]);
  expect(outputs).toEqual({ QueueUrl: addresses.queueUrl('Queue'), SigningSecretName: 'Secret-local' });
  expect([...streams]).toEqual([]);
  expect(apiId).toBe('');
});

test('a plan has the calls that services make of each other', () => {
  const actions = planOf().serviceCalls.calls.map(({ call }) => call.action);
  expect(actions).toEqual(expect.arrayContaining(['sts:AssumeRole', 'sqs:ReceiveMessage']));
});

test.each<[string, Record<string, Partial<Resource>>, string]>([
  [
    'an event source of a function that is not in it',
    { Mapping: { Properties: { ...resources.Mapping?.Properties, FunctionName: 'Other' } } },
    'Other, which is no',
  ],
  [
    'a function without code',
    { Worker: { Properties: { ...resources.Worker?.Properties, Handler: 'other.handler' } } },
    'The bundle of Worker has no other.mjs or other.js.',
  ],
  ['a type that is not known', { Queue: { Type: 'AWS::MQ::Broker' } }, 'AWS::MQ::Broker'],
])('a template with %s cannot be planned, and the error names it', (_case, changes, sentence) => {
  expect(() => planOf(changes)).toThrow(sentence);
});

test.each([
  [undefined, true],
  [true, true],
  [false, false],
  ['false', false],
])('an event source whose template says Enabled: %j is planned as %j', (Enabled, isEnabled) => {
  const Properties = { ...resources.Mapping?.Properties, ...(Enabled === undefined ? {} : { Enabled }) };
  expect(planOf({ Mapping: { Properties } }).eventSources[0]?.source.isEnabled).toBe(isEnabled);
});
