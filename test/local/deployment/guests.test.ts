import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws, CfnCondition, CfnMapping, CfnResource, Duration, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Lambda, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Permissions } from '../../../local/aws/iam/permissions.ts';
import { readAssembly } from '../../../local/aws/template/assembly.ts';
import { type DeploymentPlan, planDeployment } from '../../../local/deployment/plan.ts';
import { jsonReporter } from '../../../local/report/json-reporter.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { ReceivingConstruct, synthesized } from '../../support/receiving-construct.ts';

const code = mkdtempSync(join(tmpdir(), 'zavu-guest-'));
beforeAll(() => writeFileSync(join(code, 'index.mjs'), 'export const handler = async () => {};'));
afterAll(() => rmSync(code, { recursive: true }));

const addresses = { queueUrl: (id: string) => `http://q/${id}`, apiEndpoint: 'http://api' };

/** The plan of a stack that receives webhooks and has something else, too. */
function planOf(add: (stack: Stack, receiving: ReceivingConstruct) => void): DeploymentPlan {
  const directory = synthesized((app) => {
    const stack = new Stack(app, 'Webhooks');
    add(stack, new ReceivingConstruct(stack, 'Zavu'));
  });
  return planDeployment(readAssembly(directory), addresses, {
    endpoint: 'http://aws',
    credentialsOf: () => anyCredentials,
  });
}

/** Resource types, or properties, that are not emulated, without the ids behind them. */
function notEmulated({ notEmulated }: DeploymentPlan): string[] {
  return notEmulated.map((what) => what.replace(/ \(.*\)$/, '')).sort();
}

const nodeFunction = () => ({
  code: Code.fromAsset(code),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
});

test('a guest of an unknown type is left out and named, and may be granted to a function all the same', () => {
  const plan = planOf((stack) => {
    const machine = new CfnResource(stack, 'Machine', { type: 'AWS::StepFunctions::StateMachine' });
    const lambda = new Lambda(stack, 'Caller', nodeFunction());
    lambda.addEnvironment('MACHINE', machine.ref);
    const resources = [machine.getAtt('Arn').toString()];
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources }));
  });
  expect(plan.notEmulated).toEqual(['AWS::StepFunctions::StateMachine (Machine)']);
  expect(plan.functions).toMatchObject([{ environment: { MACHINE: 'Machine' } }]);
  expect(plan.iam.grants).toContainEqual(
    expect.objectContaining({ resource: expect.stringMatching(/^arn:aws:stepfunctions:.*:Machine$/) }),
  );
});

test('an unknown property of a guest is named, and the guest is there', () => {
  const plan = planOf((stack) => {
    new Bucket(stack, 'Photos', { cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['*'] }] });
    const layers = [LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:us-east-1:1:layer:x:1')];
    new Lambda(stack, 'Caller', { ...nodeFunction(), layers });
  });
  expect(notEmulated(plan)).toEqual([
    'CorsConfiguration of AWS::S3::Bucket',
    'Layers of AWS::Lambda::Function',
  ]);
  const types = Object.values(plan.assembly.resources).map(({ Type }) => Type);
  expect(types).toEqual(expect.arrayContaining(['AWS::S3::Bucket', 'AWS::Lambda::Function']));
});

test('a function that Node cannot run is left out, with what leads to it', () => {
  const plan = planOf((stack) => {
    const python = new Lambda(stack, 'Python', {
      code: Code.fromInline('def handler(event, context): pass'),
      handler: 'index.handler',
      runtime: Runtime.PYTHON_3_13,
    });
    python.addEventSource(new SqsEventSource(new Queue(stack, 'Orders')));
    const targets = [new LambdaFunction(python)];
    new Rule(stack, 'Daily', { schedule: Schedule.cron({ hour: '3' }), targets });
    new Rule(stack, 'Often', { schedule: Schedule.rate(Duration.hours(1)), targets });
  });
  expect(notEmulated(plan)).toEqual(
    expect.arrayContaining(['AWS::Events::Rule', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Function']),
  );
  expect(plan.functions).toEqual([]);
  expect(plan.eventSources).toEqual([]);
});

test('a guest that AWS might refuse is reported, and stops nothing', () => {
  const plan = planOf((stack) => {
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::000000000000:role/elsewhere');
    new Lambda(stack, 'Caller', { ...nodeFunction(), role });
  });
  const lines: string[] = [];
  const permissions = new Permissions(
    plan.iam,
    jsonReporter((line) => lines.push(line)),
  );
  permissions.demand(plan.serviceCalls, plan.assembly.guests);
  expect(lines.join()).toMatch(/"unchecked","reason":"Whether Caller\w+ works on AWS/);
  expect(() => permissions.demand(plan.serviceCalls)).toThrow('AWS would refuse to deploy this');
});

test('what is not known of the construct itself is an error, as ever', () => {
  const inside = (receiving: ReceivingConstruct, type: string, properties: object) =>
    new CfnResource(receiving, 'Part', { type, properties: { ...properties } });
  expect(() => planOf((_stack, receiving) => inside(receiving, 'AWS::MQ::Broker', {}))).toThrow(
    'AWS::MQ::Broker',
  );
  expect(() => planOf((_stack, receiving) => inside(receiving, 'AWS::SQS::Queue', { Strange: 1 }))).toThrow(
    'Strange of ZavuPart',
  );
});

test('what Aspects, layers and a VPC put around its parts is named, and they are run', () => {
  const plan = planOf((_stack, receiving) => {
    const role = new Role(receiving, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    (role.node.defaultChild as CfnResource).addPropertyOverride(
      'PermissionsBoundary',
      'arn:aws:iam::1:policy/x',
    );
    const lambda = new Lambda(receiving, 'Worker', { ...nodeFunction(), role });
    const cfn = lambda.node.defaultChild as CfnResource;
    cfn.addPropertyOverride('VpcConfig', { SubnetIds: ['subnet-1'] });
    new CfnResource(receiving, 'Group', { type: 'AWS::EC2::SecurityGroup' });
  });
  expect(notEmulated(plan)).toEqual([
    'AWS::EC2::SecurityGroup',
    'PermissionsBoundary of AWS::IAM::Role',
    'VpcConfig of AWS::Lambda::Function',
  ]);
  expect(plan.functions).toHaveLength(1);
});

test('conditions and mappings decide as CloudFormation does, and what it does not know is named', () => {
  const plan = planOf((stack) => {
    const isHere = new CfnCondition(stack, 'IsHere', {
      expression: Fn.conditionEquals(Aws.REGION, 'us-east-1'),
    });
    const isNot = new CfnCondition(stack, 'IsNot', { expression: Fn.conditionNot(isHere) });
    const either = new CfnCondition(stack, 'Either', { expression: Fn.conditionOr(isNot, isHere) });
    const both = new CfnCondition(stack, 'Both', { expression: Fn.conditionAnd(isNot, isHere) });
    const sizes = new CfnMapping(stack, 'Sizes', { mapping: { 'us-east-1': { size: 'large' } } });
    const caller = new Lambda(stack, 'Caller', nodeFunction());
    caller.addEnvironment('NAME', Fn.conditionIf(either.logicalId, 'here', 'elsewhere').toString());
    caller.addEnvironment('OTHER', Fn.conditionIf(both.logicalId, 'both', 'one').toString());
    caller.addEnvironment('SIZE', sizes.findInMap(Aws.REGION, 'size'));
    caller.addEnvironment('NONE', Fn.conditionIf(isNot.logicalId, 'here', Aws.NO_VALUE).toString());
    for (const [id, condition] of Object.entries({ Made: isHere, NotMade: isNot })) {
      new CfnQueue(stack, id).cfnOptions.condition = condition;
    }
    new CfnQueue(stack, 'Strange', { queueName: Fn.base64('strange') });
  });
  expect(plan.functions).toMatchObject([{ environment: { NAME: 'here', OTHER: 'one', SIZE: 'large' } }]);
  expect(plan.functions[0]?.environment).not.toHaveProperty('NONE');
  expect(Object.keys(plan.assembly.resources)).toEqual(expect.arrayContaining(['Made']));
  expect(Object.keys(plan.assembly.resources)).not.toContain('NotMade');
  expect(plan.notEmulated).toEqual(['Fn::Base64 of AWS::SQS::Queue (Strange)']);
});

test('an intrinsic that is not known, in the construct itself, is an error that says what to do', () => {
  expect(() =>
    planOf((_stack, receiving) => new Secret(receiving, 'Part', { secretName: Fn.base64('x') })),
  ).toThrow(
    'The local run does not know Fn::Base64, which this stack uses. Leave it out when the app runs here: a key of the context can tell it (',
  );
});

test('a nested stack is named, and what refers to it gets made-up values', () => {
  const plan = planOf((stack) => {
    const nested = new NestedStack(stack, 'Data');
    const queue = new Queue(nested, 'Orders');
    new Lambda(stack, 'Caller', nodeFunction()).addEnvironment('ORDERS', queue.queueUrl);
  });
  expect(notEmulated(plan)).toEqual(['AWS::CloudFormation::Stack']);
  expect(plan.functions[0]?.environment.ORDERS).toMatch(/^Data.*Outputs/);
});

describe("the user's own secrets", () => {
  const plan = planOf((stack) => {
    new Secret(stack, 'CrmKey', { secretName: 'prod/crm-key' });
    new Secret(stack, 'Shop');
    new Secret(stack, 'Database', {
      generateSecretString: { secretStringTemplate: '{"user":"me"}', generateStringKey: 'password' },
    });
  });
  const of = (name: string) =>
    plan.userSecrets.find(({ variable }) => variable === `ZAVU_LOCAL_SECRET_${name}`);

  test('are all but the signing secret', () => {
    expect(plan.userSecrets).toHaveLength(3);
    expect(plan.signingSecret).toMatch(/:secret:ZavuReceiverSigningSecret\w+-local-000000$/);
    expect(plan.userSecrets.map(({ arn }) => arn)).not.toContain(plan.signingSecret);
  });

  test('have the variable of their name, or else of their id, and a text of their own', () => {
    expect(of('PROD_CRM_KEY')?.arn).toMatch(/:secret:prod\/crm-key-000000$/);
    expect(of('SHOP')?.text).toMatch(/^[0-9a-f]{32}$/);
    expect(of('SHOP')?.text).not.toBe(of('PROD_CRM_KEY')?.text);
  });

  test('have the form that the template gives a generated one', () => {
    expect(JSON.parse(of('DATABASE')?.text ?? '')).toEqual({
      user: 'me',
      password: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});
