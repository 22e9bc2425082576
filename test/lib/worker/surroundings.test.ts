import { App, Aspects, CfnResource, type IAspect, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { defineHandlers } from '../../../lambda/handlers/define-handlers.ts';
import { catalogue } from '../../../lambda/zavu/catalogue.ts';
import { ZavuWebhooks } from '../../../lib/zavu-webhooks.ts';

/** All types at one worker, whose modules are never loaded here. */
const entries = Object.fromEntries(
  Object.keys(catalogue).map((type) => [
    type,
    { worker: 'inbound', load: () => Promise.reject(new Error()) },
  ]),
) as unknown as Parameters<typeof defineHandlers<'inbound'>>[1];
const handlers = defineHandlers(import.meta.filename, {
  ...entries,
  'call.failed': { worker: 'calls', load: () => Promise.reject(new Error()) },
});

/** What people have in an app of their own, around and beside the construct. */
const app = new App();
const stack = new Stack(app, 'Mine');
const vpc = new Vpc(stack, 'Vpc', { natGateways: 1 });
const layer = LayerVersion.fromLayerVersionArn(
  stack,
  'Extension',
  'arn:aws:lambda:us-east-1:123456789012:layer:extension:1',
);
const zavu = new ZavuWebhooks(stack, 'Zavu', {
  handlers,
  // CDK's own class does not meet its interface by `exactOptionalPropertyTypes`.
  workers: { inbound: { vpc: vpc as IVpc, layers: [layer] } },
});
const secret = new Secret(stack, 'CrmKey');
secret.grantRead(zavu.workers.inbound);
const boundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
PermissionsBoundary.of(stack).apply(boundary);
Tags.of(stack).add('team', 'support');
const seen = new Set<string>();
const visitor: IAspect = {
  visit(node: IConstruct) {
    if (CfnResource.isCfnResource(node)) seen.add(node.node.path);
  },
};
Aspects.of(stack).add(visitor);
const template = Template.fromStack(stack);

test('a worker runs in a VPC, with a layer, and its role may create what Lambda needs there', () => {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { VpcConfig: Match.anyValue(), Layers: [layer.layerVersionArn] },
  });
  expect(Object.keys(functions)).toEqual([expect.stringMatching(/^ZavuInboundWorkerFunction/)]);
  const managed = template.findResources('AWS::IAM::Role', {
    Properties: {
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
            ],
          ],
        },
      ],
    },
  });
  expect(Object.keys(managed)).toEqual([expect.stringMatching(/^ZavuInboundWorkerFunctionRole/)]);
});

test('a grant of a secret reaches the worker that was named, and no other', () => {
  const reading = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.PolicyDocument).includes('CrmKey'),
  );
  expect(reading.flatMap(({ Properties }) => Properties.Roles)).toEqual([
    { Ref: expect.stringMatching(/^ZavuInboundWorkerFunctionRole/) },
  ]);
});

test("the stack's permissions boundary, tags and aspects reach every part", () => {
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('Zavu'),
  );
  expect(roles.length).toBeGreaterThanOrEqual(3);
  for (const [, { Properties }] of roles) {
    expect(Properties.PermissionsBoundary).toBeDefined();
    expect(Properties.Tags).toContainEqual({ Key: 'team', Value: 'support' });
  }
  for (const { Properties } of Object.values(template.findResources('AWS::SQS::Queue'))) {
    expect(Properties.Tags).toContainEqual({ Key: 'team', Value: 'support' });
  }
  const resources = zavu.node.findAll().filter((each) => CfnResource.isCfnResource(each));
  expect(resources.map(({ node }) => node.path).filter((path) => !seen.has(path))).toEqual([]);
});
