import { type App, CfnOutput, CfnParameter, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type ChosenAssembly, readAssembly } from '../../../../local/aws/template/assembly.ts';
import { createResolver } from '../../../../local/aws/template/intrinsics.ts';
import { addApi, ReceivingConstruct, synthesized } from '../../../support/receiving-construct.ts';

const addresses = { queueUrl: (id: string) => `http://q/${id}`, apiEndpoint: 'http://api' };

/** Reads what an app synthesizes. */
function read(build: (app: App) => void, wanted?: string): ChosenAssembly {
  return readAssembly(synthesized(build), wanted);
}

function resolverOf(assembly: ChosenAssembly): (value: unknown) => unknown {
  return createResolver(assembly.resources, addresses, assembly);
}

/** Two stacks that receive webhooks, one of them in a Stage with the same name, and one that does not. */
function severalStacks(app: App): void {
  new ReceivingConstruct(new Stack(app, 'Webhooks'), 'Default');
  new ReceivingConstruct(new Stack(new Stage(app, 'Prod'), 'Webhooks'), 'Default');
  new Queue(new Stack(app, 'DataStack'), 'Queue');
}

describe('of several stacks', () => {
  test('the one that receives webhooks is taken, and the others are named', () => {
    const { resources, notRun, outputs } = read((app) => {
      new Queue(new Stack(app, 'DataStack'), 'Queue');
      new ReceivingConstruct(new Stack(app, 'Webhooks'), 'Default');
    });
    expect(Object.keys(resources)).toContainEqual(expect.stringMatching(/^ReceiverSigningSecret/));
    expect(notRun).toEqual(['DataStack']);
    expect(Object.keys(outputs)).toContain('WebhookUrl');
  });

  test('one in a Stage is found', () => {
    const { notRun, outputs } = read((app) => {
      const stage = new Stage(app, 'Prod');
      new ReceivingConstruct(new Stack(stage, 'Webhooks'), 'Default');
      new Queue(new Stack(stage, 'Data'), 'Queue');
    });
    expect(notRun).toEqual(['Prod/Data']);
    expect(Object.keys(outputs)).toContain('WebhookUrl');
  });

  test('two that receive webhooks are an error, which names what to choose from', () => {
    expect(() => read(severalStacks)).toThrow('--stack, and one of: Prod-Webhooks, Webhooks.');
  });

  test.each([
    ['Webhooks', ['Prod/Webhooks', 'DataStack']],
    ['Webhooks/Default', ['Prod/Webhooks', 'DataStack']],
    ['Prod/Webhooks', ['Webhooks', 'DataStack']],
    ['Prod-Webhooks', ['Webhooks', 'DataStack']],
  ])('--stack %s chooses one', (wanted, notRun) => {
    expect([...read(severalStacks, wanted).notRun].sort()).toEqual([...notRun].sort());
  });

  test('a --stack that receives no webhooks is an error, which names those that do', () => {
    expect(() => read(severalStacks, 'DataStack')).toThrow(
      "--stack DataStack is no stack that receives Zavu's webhooks. There is: Prod-Webhooks, Webhooks.",
    );
  });

  test('none that receives webhooks is an error, which says what to do', () => {
    expect(() => read((app) => new Queue(new Stack(app, 'DataStack'), 'Queue'))).toThrow(
      "No stack of this app receives Zavu's webhooks (it has DataStack). Put `new ZavuWebhooks(...)` into one.",
    );
  });

  test('an output with the name of ours alone makes no stack one that receives webhooks', () => {
    const lookAlike = (app: App) =>
      new CfnOutput(new Stack(app, 'DataStack'), 'OtherWebhookUrl', { value: 'https://example.com' });
    expect(() => read(lookAlike)).toThrow('No stack of this app');
  });
});

describe('of two constructs in one stack', () => {
  const both = (app: App) => {
    const stack = new Stack(app, 'Webhooks');
    new ReceivingConstruct(stack, 'Zavu');
    new ReceivingConstruct(stack, 'ZavuTwo');
  };

  test('one has to be chosen', () => {
    expect(() => read(both)).toThrow('one of: Webhooks/Zavu, Webhooks/ZavuTwo.');
    expect(() => read(both, 'Webhooks')).toThrow('one of: Webhooks/Zavu, Webhooks/ZavuTwo.');
  });

  test.each(['Zavu', 'ZavuTwo'])('%s is run with its resources and outputs, and the other is not', (id) => {
    const { resources, outputs, notRun } = read(both, `Webhooks/${id}`);
    expect(Object.keys(outputs).sort()).toEqual([
      'IdempotencyTableName',
      'SigningSecretName',
      'UnroutedQueueUrl',
      'WebhookUrl',
    ]);
    expect(JSON.stringify(outputs.UnroutedQueueUrl)).toMatch(new RegExp(`"${id}ReceiverUnroutedQueue`));
    const secrets = Object.keys(resources).filter((name) => name.includes('SigningSecret'));
    expect(secrets).toEqual([expect.stringMatching(new RegExp(`^${id}Receiver`))]);
    expect(notRun).toEqual([`Webhooks/${id === 'Zavu' ? 'ZavuTwo' : 'Zavu'}`]);
  });

  test('one that is called Default does not have the outputs of the other', () => {
    const { outputs } = read((app) => {
      const stack = new Stack(app, 'Webhooks');
      new ReceivingConstruct(stack, 'Default');
      new ReceivingConstruct(stack, 'Zavu');
    }, 'Webhooks/Default');
    expect(Object.keys(outputs)).toHaveLength(4);
  });
});

test('what stands beside the construct is a guest, but for another HTTP API, which is not run', () => {
  const { guests, resources, absent } = read((app) => {
    const stack = new Stack(app, 'Webhooks');
    new ReceivingConstruct(stack, 'Zavu');
    new Queue(stack, 'Orders');
    addApi(stack);
  });
  const types = [...(guests ?? [])].map((id) => (resources[id] ?? absent?.[id])?.Type).sort();
  expect(types).toEqual(['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Route', 'AWS::SQS::Queue']);
  expect(Object.keys(absent ?? {}).sort()).toEqual(['OwnApi', 'OwnRoute']);
});

test('outputs of constructs whose paths end alike stand for all that is above these constructs', () => {
  const { guests, resources } = read((app) => {
    const stack = new Stack(app, 'Webhooks');
    const { apiEndpoint } = new HttpApi(stack, 'Api');
    const { secretName } = new Secret(stack, 'SigningSecret');
    new CfnOutput(stack, 'WebhookUrl', { value: `${apiEndpoint}/webhooks/zavu` });
    new CfnOutput(stack, 'SigningSecretName', { value: secretName });
  });
  expect([...(guests ?? [])]).toEqual([]);
  expect(Object.values(resources).map(({ Type }) => Type)).toContain('AWS::ApiGatewayV2::Stage');
});

test('a stack with an account and a region of its own gets those of the local run', () => {
  const assembly = read((app) => {
    const env = { account: '123456789012', region: 'eu-central-1' };
    const stack = new Stack(app, 'Webhooks', { env });
    new ReceivingConstruct(stack, 'Default');
    const value = `${stack.formatArn({ service: 'sqs', resource: 'q' })} logs-eu-central-1 1234567890123`;
    new CfnOutput(stack, 'Arn', { value });
  });
  expect(resolverOf(assembly)(assembly.outputs.Arn?.Value)).toBe(
    'arn:aws:sqs:us-east-1:000000000000:q logs-eu-central-1 1234567890123',
  );
});

describe('a reference', () => {
  /** What a template gives for a value of this type, in a stack beside DataStack. */
  const resolvedWith = (strength: string, type = 'Custom::Any') => {
    const assembly = read((app) => {
      app.node.setContext('@aws-cdk/core:defaultCrossStackReferences', strength);
      const queue = new Queue(new Stack(app, 'DataStack'), 'Queue');
      const stack = new Stack(app, 'Webhooks');
      new ReceivingConstruct(stack, 'Default');
      new CfnResource(stack, 'Guest', { type, properties: { QueueArn: queue.queueArn } });
    });
    return resolverOf(assembly)(assembly.resources.Guest?.Properties);
  };

  test.each(['strong', 'weak'])(
    'to another stack (%s) is an error that names it and what to do',
    (strength) => {
      expect(() => resolvedWith(strength)).toThrow(
        /of the stack DataStack, and the local run deploys one stack only\. Put what is referred to into this stack/,
      );
    },
  );

  test('to a stack that is not in the app says that', () => {
    const { resources } = read((app) => {
      const stack = new Stack(app, 'Webhooks');
      new ReceivingConstruct(stack, 'Default');
    });
    const resolve = createResolver(resources, addresses);
    expect(() => resolve({ 'Fn::ImportValue': 'network:vpc' })).toThrow(
      'the export network:vpc of a stack that is not in this app',
    );
  });

  test('to a parameter gives its default value, and without one is an error that names it', () => {
    const assembly = read((app) => {
      const stack = new Stack(app, 'Webhooks');
      new ReceivingConstruct(stack, 'Default');
      new CfnParameter(stack, 'Size', { type: 'Number', default: 7 });
      new CfnParameter(stack, 'Owner');
    });
    const resolve = resolverOf(assembly);
    expect(resolve({ Ref: 'Size' })).toBe('7');
    expect(() => resolve({ Ref: 'Owner' })).toThrow('The parameter Owner has no default value');
    expect(() => resolve({ Ref: 'BootstrapVersion' })).toThrow('the SSM parameter /cdk-bootstrap/');
  });
});
