import { Iam } from '../../local/iam.ts';
import { createResolver } from '../../local/intrinsics.ts';
import { Permissions } from '../../local/permissions.ts';
import { jsonReport } from '../../local/report.ts';

const role = 'arn:aws:iam::000000000000:role/Role';
const queue = 'arn:aws:sqs:us-east-1:000000000000:Queue';

interface Part {
  Type: string;
  Properties: Record<string, unknown>;
}

function iam(...parts: Part[]): Iam {
  const roles = { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document() } } };
  const resources = { ...roles, ...Object.fromEntries(parts.map((part, index) => [`Part${index}`, part])) };
  const addresses = { queueUrl: (id: string) => `http://127.0.0.1/${id}`, apiEndpoint: 'http://127.0.0.1' };
  const assembly = { resources, outputs: {}, assetDirectory: () => '' };
  return new Iam(assembly, createResolver(resources, addresses));
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
    by: { principal: role, action, resource },
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
  ['NotAction', { Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }],
  ['NotPrincipal', { ...allow('sqs:*'), NotPrincipal: '*' }],
  ['StringEquals', allow('sqs:*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } })],
])('%s is not known, and is not passed over', (name, statement) => {
  expect(() => iam(policy(statement))).toThrow(name);
});

describe('what AWS checks when it deploys', () => {
  const definition = {
    name: 'Function',
    module: '',
    exported: 'handler',
    role,
    traced: true,
    logGroup: 'Logs',
    environment: {},
    memoryMb: 128,
    timeoutSeconds: 3,
  };
  const source = {
    queueArn: queue,
    queueUrl: '',
    batchSize: 10,
    maximumConcurrency: 2,
    reportsBatchItemFailures: true,
  };
  const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const tracing = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const assumable: Part = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    },
  };
  const trusted = { ...definition, role: role.replace(/Role$/, 'Part1') };
  const granted = (actions: string[]) => {
    const { Properties, Type } = policy(allow(actions, '*'));
    const part = { Type, Properties: { ...Properties, Roles: [{ Ref: 'Part1' }] } };
    return new Permissions(
      iam(part, assumable),
      jsonReport(() => undefined),
    );
  };

  test('a role that Lambda may not assume', () => {
    const permissions = new Permissions(
      iam(policy(allow(tracing, '*'))),
      jsonReport(() => undefined),
    );
    expect(() => permissions.assertFunction(definition)).toThrow('sts:AssumeRole');
  });

  test.each(tracing)('a role without %s, where the function is traced', (missing) => {
    const permissions = granted(tracing.filter((action) => action !== missing));
    expect(() => permissions.assertFunction(trusted)).toThrow(`AWS would refuse to deploy this: `);
    expect(() => permissions.assertFunction({ ...trusted, traced: false })).not.toThrow();
    expect(() => granted(tracing).assertFunction(trusted)).not.toThrow();
  });

  test.each(polling)('a role without %s, where a queue is its event source', (missing) => {
    const permissions = granted(polling.filter((action) => action !== missing));
    expect(() => permissions.assertEventSource(trusted, source)).toThrow(missing);
    expect(() => granted(polling).assertEventSource(trusted, source)).not.toThrow();
  });

  test.each(logging)('a role without %s logs nothing', (missing) => {
    expect(granted(logging.filter((action) => action !== missing)).mayLog(trusted)).toBe(false);
    expect(granted(logging).mayLog(trusted)).toBe(true);
  });
});

test('each decision is reported once', () => {
  const lines: string[] = [];
  const permissions = new Permissions(
    iam(policy(allow('sqs:SendMessage'))),
    jsonReport((line) => lines.push(line)),
  );
  for (let time = 0; time < 3; time++) {
    expect(permissions.permits(send)).toBe(true);
    expect(permissions.permits({ ...send, action: 'sqs:DeleteQueue' })).toBe(false);
  }
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['granted', 'denied']);
});

function bound(policies: Iam) {
  return { decide: policies.decide.bind(policies) };
}
