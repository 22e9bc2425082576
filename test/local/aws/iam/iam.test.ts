import { Iam } from '../../../../local/aws/iam/iam.ts';
import { Permissions } from '../../../../local/aws/iam/permissions.ts';
import { jsonReporter } from '../../../../local/report/json-reporter.ts';
import { assemblyOf } from '../../../support/assembly.ts';

const role = 'arn:aws:iam::000000000000:role/Role';
const queue = 'arn:aws:sqs:us-east-1:000000000000:Queue';

interface Part {
  Type: string;
  Properties: Record<string, unknown>;
}

function iam(...parts: Part[]): Iam {
  const roles = { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document() } } };
  const { assembly, resolve } = assemblyOf({
    ...roles,
    ...Object.fromEntries(parts.map((part, index) => [`Part${index}`, part])),
  });
  return new Iam(assembly, resolve);
}

function document(...statements: object[]) {
  return { Version: '2012-10-17', Statement: statements };
}

function policy(...statements: object[]): Part {
  return {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: document(...statements), Roles: [{ Ref: 'Role' }] },
  };
}

const allow = (Action: string | string[], Resource: string | string[] = queue, rest = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const send = { principal: role, action: 'sqs:SendMessage', resource: queue };

test('what no statement allows is denied, in the words of AWS', () => {
  expect(iam().decide(send)).toEqual({
    allowed: false,
    reason: `${role} is not authorized to perform: sqs:SendMessage on resource: ${queue} because no policy allows it`,
  });
});

test.each([
  ['another action', allow('sqs:ReceiveMessage')],
  ['another resource', allow('sqs:SendMessage', `${queue}2`)],
  ['a pattern for another resource', allow('sqs:*', 'arn:aws:sqs:eu-west-1:*')],
  ['a dot, which is no wildcard', allow('sqs.SendMessage')],
])('a statement for %s allows nothing', (_case, statement) => {
  expect(iam(policy(statement)).decide(send).allowed).toBe(false);
});

test('a statement for another role allows nothing', () => {
  const elsewhere = {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: document(allow('sqs:*')), Roles: ['Other'] },
  };
  expect(iam(elsewhere).decide(send).allowed).toBe(false);
});

test.each([
  ['by name', allow(['sqs:DeleteMessage', 'sqs:SendMessage']), 'sqs:SendMessage', queue],
  ['in any case', allow('SQS:sendmessage'), 'SQS:sendmessage', queue],
  ['by patterns', allow('sqs:Send*', 'arn:aws:sqs:*:*:Queu?'), 'sqs:Send*', 'arn:aws:sqs:*:*:Queu?'],
  ['on everything', allow('*', '*'), '*', '*'],
])('a statement allows %s, and is named', (_case, statement, action, resource) => {
  expect(iam(policy(statement)).decide(send)).toEqual({
    allowed: true,
    grant: { principal: role, action, resource },
  });
});

test('inline policies and managed policies of the template count', () => {
  const managed = { ...policy(allow('sqs:SendMessage')), Type: 'AWS::IAM::ManagedPolicy' };
  expect(iam(managed).decide(send).allowed).toBe(true);
  const Policies = [{ PolicyName: 'Inline', PolicyDocument: document(allow('sqs:SendMessage')) }];
  const withInline = {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: document(), Policies },
  };
  const call = { ...send, principal: role.replace(/Role$/, 'Part0') };
  expect(iam(withInline).decide(call).allowed).toBe(true);
});

test('a deny wins, wherever it stands', () => {
  const queuePolicy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: ['http://127.0.0.1/000000000000/Queue'],
      PolicyDocument: document({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: queue,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    },
  };
  const { decide } = bound(iam(policy(allow('sqs:SendMessage')), queuePolicy));
  expect(decide({ ...send, context: { 'aws:SecureTransport': 'false' } })).toEqual({
    allowed: false,
    reason: expect.stringMatching(/with an explicit deny$/),
  });
  expect(decide({ ...send, context: { 'aws:SecureTransport': 'true' } }).allowed).toBe(true);
  expect(decide(send).allowed).toBe(true);
});

test('a permission to invoke holds for its source alone', () => {
  const resource = 'arn:aws:lambda:us-east-1:000000000000:function:Function';
  const { decide } = bound(
    iam({
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: resource,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:Api/*/*/webhooks/zavu',
      },
    }),
  );
  const from = (path: string) => ({
    principal: 'apigateway.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource,
    context: { 'aws:SourceArn': `arn:aws:execute-api:us-east-1:000000000000:Api/$default/POST${path}` },
  });
  expect(decide(from('/webhooks/zavu')).allowed).toBe(true);
  expect(decide(from('/webhooks/other')).allowed).toBe(false);
  const { context: _, ...withoutSource } = from('/webhooks/zavu');
  expect(decide(withoutSource).allowed).toBe(false);
});

test.each([
  ['StringEquals', 'aws:SourceAccount', '000000000000', '111111111111'],
  ['StringEquals', 'AWS:sourceaccount', ['1', '000000000000'], ['1', '2']],
  ['StringEquals', 'aws:SourceAccount', '000000000000', '0*'],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:Topic*', 'arn:aws:sns:*:Topic:*'],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:us-east-1:000000000000:Topic:*', 'arn:aws:sns:*:*:Topic'],
  ['ArnEquals', 'aws:SourceArn', 'arn:aws:sns:us-east-1:000000000000:Topic:1', 'arn:*:*:*:*:Topic'],
  ['Bool', 'aws:SecureTransport', true, false],
])('%s compares %s with %j, not %j', (operator, key, holding, failing) => {
  const context = {
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': '000000000000',
    'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:Topic:1',
  };
  const where = (value: unknown) =>
    iam(policy(allow('sqs:*', '*', { Condition: { [operator]: { [key]: value } } })));
  expect(where(holding).decide({ ...send, context }).allowed).toBe(true);
  expect(where(failing).decide({ ...send, context }).allowed).toBe(false);
  expect(where(holding).decide(send).allowed).toBe(false);
});

test('a condition on the leading key holds for items whose keys fit, and for a call that names no item', () => {
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Table';
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['one#*', 'two?'] } };
  const { decide } = bound(iam(policy(allow('dynamodb:GetItem', table, { Condition }))));
  const get = { principal: role, action: 'dynamodb:GetItem', resource: table };
  const isAllowed = (leadingKey: string) =>
    decide({ ...get, context: { 'dynamodb:LeadingKeys': leadingKey } }).allowed;
  expect(['one#', 'one#x', 'two2'].map(isAllowed)).toEqual([true, true, true]);
  expect(['one', 'a one#x', 'ONE#x', 'two22', ''].map(isAllowed)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  // So is it on AWS, for a condition on all values of a key.
  expect(decide(get).allowed).toBe(true);
});

test('a condition that counts if its key exists holds for a call that has no such key', () => {
  const mapping = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:One';
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:One';
  const Condition = { ArnLikeIfExists: { 'lambda:FunctionArn': [functionArn, `${functionArn}:*`] } };
  const { decide } = bound(iam(policy(allow('lambda:UpdateEventSourceMapping', mapping, { Condition }))));
  const update = { principal: role, action: 'lambda:UpdateEventSourceMapping', resource: mapping };
  const isAllowed = (of: string) => decide({ ...update, context: { 'lambda:FunctionArn': of } }).allowed;
  expect([functionArn, `${functionArn}:live`].map(isAllowed)).toEqual([true, true]);
  expect([`${functionArn}2`, `${functionArn}2:live`, 'One'].map(isAllowed)).toEqual([false, false, false]);
  expect(decide(update).allowed).toBe(true);
});

test('what depends on the leading key is decided for each call anew, and reported once', () => {
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Table';
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['one#*'] } };
  const lines: string[] = [];
  const permissions = new Permissions(
    iam(policy(allow('dynamodb:GetItem', table, { Condition }))),
    jsonReporter((line) => void lines.push(line)),
  );
  const permits = (leadingKey: string) =>
    permissions.denial({
      principal: role,
      action: 'dynamodb:GetItem',
      resource: table,
      context: { 'dynamodb:LeadingKeys': leadingKey },
    }) === undefined;
  expect(['one#1', 'two#1', 'one#2', 'two#2'].map(permits)).toEqual([true, false, true, false]);
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['granted', 'denied']);
});

describe('a policy of a resource', () => {
  const service = 'events.amazonaws.com';
  const statement = (Effect: string, Resource: string, Principal: unknown = { Service: service }) => ({
    Effect,
    Principal,
    Action: '*',
    Resource,
  });
  const bucket = 'arn:aws:s3:::Bucket';
  const topic = 'arn:aws:sns:us-east-1:000000000000:Topic';
  const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/Bus';
  const group = 'arn:aws:logs:us-east-1:000000000000:log-group:Logs:log-stream:1';
  const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Secret';
  const kinds: [string, string, (json: object) => object][] = [
    [
      'AWS::SQS::QueuePolicy',
      queue,
      (json) => ({ Queues: ['http://x/Queue'], PolicyDocument: document(json) }),
    ],
    ['AWS::SNS::TopicPolicy', topic, (json) => ({ Topics: [topic], PolicyDocument: document(json) })],
    ['AWS::S3::BucketPolicy', bucket, (json) => ({ Bucket: 'Bucket', PolicyDocument: document(json) })],
    [
      'AWS::S3::BucketPolicy',
      `${bucket}/key`,
      (json) => ({ Bucket: 'Bucket', PolicyDocument: document(json) }),
    ],
    ['AWS::Logs::ResourcePolicy', group, (json) => ({ PolicyDocument: JSON.stringify(document(json)) })],
    ['AWS::Events::EventBusPolicy', bus, (json) => ({ EventBusName: 'Bus', Statement: json })],
    [
      'AWS::SecretsManager::ResourcePolicy',
      secret,
      (json) => ({ SecretId: secret, ResourcePolicy: document(json) }),
    ],
  ];

  test.each(kinds)('%s lets a service and a role in, and keeps a role out', (Type, resource, properties) => {
    const part = (json: object) => ({ Type, Properties: { ...properties(json) } });
    const call = { principal: service, action: 'any:Thing', resource };
    const ofRole = { ...call, principal: role };
    expect(iam().decide(call).allowed).toBe(false);
    expect(iam(part(statement('Allow', resource))).decide(call).allowed).toBe(true);
    expect(iam(part(statement('Allow', resource))).decide(ofRole).allowed).toBe(false);
    expect(iam(part(statement('Allow', resource, { AWS: role }))).decide(ofRole).allowed).toBe(true);
    for (const everybody of ['*', { AWS: '*' }]) {
      const denying = part(statement('Deny', resource, everybody));
      expect(iam(policy(allow('*', '*')), denying).decide(ofRole).allowed).toBe(false);
    }
  });

  test.each(kinds.filter(([type]) => !type.includes('Logs')))(
    '%s says nothing of what it is not attached to',
    (Type, resource, properties) => {
      const { decide } = bound(iam({ Type, Properties: { ...properties(statement('Allow', '*')) } }));
      const call = { principal: service, action: 'any:Thing', resource };
      expect(decide(call).allowed).toBe(true);
      expect(
        decide({ ...call, resource: resource.replace(/(Queue|Topic|Bucket|Bus|Secret)/, 'Other$1') }).allowed,
      ).toBe(false);
    },
  );

  test.each([
    ['an account', { AWS: '000000000000' }],
    ['a root', { AWS: 'arn:aws:iam::000000000000:root' }],
    ['a federation', { Federated: 'cognito-identity.amazonaws.com' }],
    ['nobody', undefined],
  ])('of %s is not known, and is not passed over', (_case, principal) => {
    const { Principal: _, ...rest } = statement('Allow', topic);
    const json = principal ? { ...rest, Principal: principal } : rest;
    const part = {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [topic], PolicyDocument: document(json) },
    };
    expect(() => iam(part)).toThrow('does not know the principal');
  });
});

test('a topic without a policy lets those in who act for its owner, and a policy takes the place of that', () => {
  const topic = { Type: 'AWS::SNS::Topic', Properties: {} };
  const resource = 'arn:aws:sns:us-east-1:000000000000:Part0';
  const call = { principal: 'cloudwatch.amazonaws.com', action: 'sns:Publish', resource };
  const ofOwner = { ...call, context: { 'aws:SourceOwner': '000000000000' } };
  expect(iam(topic).decide(ofOwner).allowed).toBe(true);
  expect(iam(topic).decide(call).allowed).toBe(false);
  // As `enforceSSL` writes it.
  const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: resource,
    Condition: insecure,
  };
  const enforced = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: { Topics: [{ Ref: 'Part0' }], PolicyDocument: document(deny) },
  };
  expect(iam(topic, enforced).decide(ofOwner).allowed).toBe(false);
  expect(iam(topic, enforced).grants).toEqual([]);
});

test('a managed policy of AWS allows what its page says, and one that is not known is an error', () => {
  const withPolicy = (name: string) =>
    iam({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: document(),
        ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`],
      },
    });
  const known = withPolicy('service-role/AWSCodeDeployRoleForLambdaLimited');
  const call = { principal: role.replace(/Role$/, 'Part0'), action: 'lambda:UpdateAlias', resource: '*' };
  expect(known.decide(call).allowed).toBe(true);
  expect(known.decide({ ...call, action: 'sns:Publish' }).allowed).toBe(false);
  expect(known.grants).toEqual([]);
  expect(() => withPolicy('AdministratorAccess')).toThrow(
    'does not know the policy arn:aws:iam::aws:policy/Admin',
  );
});

test('a permission to invoke holds for its account alone, and what else it says is not passed over', () => {
  const properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: 'Function',
    Principal: 'events.amazonaws.com',
    SourceAccount: '000000000000',
  };
  const part = (more: object) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { ...properties, ...more },
  });
  const call = {
    principal: 'events.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource: 'arn:aws:lambda:us-east-1:000000000000:function:Function',
    context: { 'aws:SourceAccount': '000000000000' },
  };
  expect(iam(part({})).decide(call).allowed).toBe(true);
  expect(iam(part({ SourceAccount: '111111111111' })).decide(call).allowed).toBe(false);
  expect(iam(part({ FunctionName: 'Function:live' })).decide(call).allowed).toBe(false);
  expect(() => iam(part({ PrincipalOrgID: 'o-1' }))).toThrow('PrincipalOrgID');
});

test.each([
  ['NotAction', { Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }],
  ['NotPrincipal', { ...allow('sqs:*'), NotPrincipal: '*' }],
  ['NotResource', { Effect: 'Allow', Action: 'sqs:*', NotResource: '*' }],
  [
    'aws:RequestedRegion',
    allow('sqs:*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } }),
  ],
  ['StringLike', allow('sqs:*', '*', { Condition: { StringLike: { 'aws:SourceAccount': '*' } } })],
  ['no ARN', allow('sqs:*', '*', { Condition: { ArnLike: { 'aws:SourceArn': '*' } } })],
])('%s is not known, and is not passed over', (name, statement) => {
  expect(() => iam(policy(statement))).toThrow(name);
});

test('each decision is reported once', () => {
  const lines: string[] = [];
  const permissions = new Permissions(
    iam(policy(allow('sqs:SendMessage'))),
    jsonReporter((line) => lines.push(line)),
  );
  for (let time = 0; time < 3; time++) {
    expect(permissions.denial(send)).toBeUndefined();
    expect(permissions.denial({ ...send, action: 'sqs:DeleteQueue' })).toMatch(/sqs:DeleteQueue/);
  }
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['granted', 'denied']);
});

function bound(policies: Iam) {
  return { decide: policies.decide.bind(policies) };
}
