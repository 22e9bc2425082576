import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { readSettings, type SettingsProps } from '../../lib/settings/settings.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';
import { ZavuWebhooks } from '../../lib/zavu-webhooks.ts';
import { handlers } from '../support/handlers.ts';
import { resources, type SynthesizedResource, textOf } from '../support/template.ts';

/** All that has a name or a folder of its own. */
const everything: SettingsProps = {
  alarmEmail: 'on-call@example.com',
  archive: true,
  canary: true,
  dashboard: true,
  eventBus: true,
  gradualDeployment: true,
  noTrafficAlarmHours: 24,
};

/** What must be unique in an account and region, or tells people and commands which deployment is meant. */
function namesIn(template: Template, prefix = ''): string[] {
  const all = Object.entries(template.toJSON().Resources as Record<string, SynthesizedResource>);
  const own = all.filter(([id]) => id.startsWith(prefix));
  const named = own.flatMap(([, { Type, Properties = {} }]) => {
    const names = [
      Type === 'AWS::CloudWatch::Dashboard' && Properties.DashboardName,
      Type === 'AWS::CloudWatch::CompositeAlarm' && Properties.AlarmName,
      Type === 'AWS::Events::EventBus' && Properties.Name,
      Type === 'AWS::Glue::Database' && Object(Properties.DatabaseInput).Name,
      Type === 'AWS::Logs::LogGroup' && Properties.LogGroupName,
      Type === 'AWS::Logs::QueryDefinition' && Properties.Name,
      Type.startsWith('AWS::IAM::') && (Properties.RoleName ?? Properties.ManagedPolicyName),
    ];
    const filters = Type === 'AWS::Logs::MetricFilter' ? Properties.MetricTransformations : [];
    return [...names, ...(filters as { MetricNamespace: unknown }[]).map((each) => each.MetricNamespace)];
  });
  return [...new Set(named.filter(Boolean).map(textOf))].sort();
}

/** The options by which the alarms' commands find their deployment. */
function optionsIn(template: Template, prefix: string): string[] {
  const texts = resources(template, 'AWS::CloudWatch::Alarm')
    .filter(([id]) => id.startsWith(prefix))
    .map(([, { Properties }]) => textOf(Properties.AlarmDescription ?? ''));
  return [...new Set(texts.flatMap((text) => text.match(/--stack \S+/g) ?? []))];
}

/** What synthesis refuses a stack's app with, in one line. An app is synthesized once. */
function refusal({ node }: Stack): string {
  try {
    (node.root as App).synth();
  } catch (error) {
    return (error as Error).message.replaceAll(/\s+/g, ' ');
  }
  return '';
}

describe('two constructs in one stack', () => {
  function both(): Stack {
    const stack = new Stack(new App(), 'Mine');
    for (const id of ['Shop', 'Support']) new ZavuWebhooks(stack, id, { handlers, settings: everything });
    return stack;
  }
  const template = Template.fromStack(both());

  test('are synthesized together, and nothing is refused', () => {
    expect(refusal(both())).toBe('');
    const functions = resources(template, 'AWS::Lambda::Function');
    expect(functions.filter(([id]) => id.startsWith('Shop'))).toHaveLength(7);
    expect(functions.filter(([id]) => id.startsWith('Support'))).toHaveLength(7);
  });

  test('share no name, no folder of queries and no namespace of metrics', () => {
    const [shop, support] = [namesIn(template, 'Shop'), namesIn(template, 'Support')];
    expect(shop.length).toBeGreaterThan(10);
    expect(support).toHaveLength(shop.length);
    expect(shop.filter((name) => support.includes(name))).toEqual([]);
  });

  test('have the same outputs, each with its own id before them', () => {
    const outputs = Object.keys(template.findOutputs('*'));
    const of = (id: string) =>
      outputs.flatMap((name) => (name.startsWith(id) ? [name.slice(id.length)] : [])).sort();
    expect(of('Shop')).toEqual(expect.arrayContaining(['WebhookUrl', 'Routes', 'InboundQueueUrl']));
    expect(of('Shop')).toEqual(of('Support'));
    expect(of('Shop').length + of('Support').length).toBe(outputs.length);
  });

  test('have alarms whose commands name them', () => {
    expect(optionsIn(template, 'Shop')).toEqual(['--stack Mine/Shop']);
    expect(optionsIn(template, 'Support')).toEqual(['--stack Mine/Support']);
  });

  test('call each their own: no policy and no variable of one names a part of the other', () => {
    for (const [id, { Properties }] of [
      ...resources(template, 'AWS::IAM::Policy'),
      ...resources(template, 'AWS::Lambda::Function'),
    ]) {
      const other = id.startsWith('Shop') ? 'Support' : 'Shop';
      const mentioned = JSON.stringify(Properties).match(new RegExp(`"${other}\\w+"`, 'g'));
      expect([id, mentioned]).toEqual([id, null]);
    }
  });
});

describe('two deployments in one account', () => {
  const namesOf = (build: (app: App) => Stack) => namesIn(Template.fromStack(build(new App())));
  const stackCalled = (id: string) => (app: App) =>
    new WebhookStack(app, id, { handlers, settings: everything });
  const constructIn = (stack: string, id: string) => (app: App) => {
    const own = new Stack(app, stack);
    new ZavuWebhooks(own, id, { handlers, settings: everything });
    return own;
  };

  test.each([
    ['two stacks', stackCalled('ZavuWebhooks-dev'), stackCalled('ZavuWebhooks-prod')],
    ['constructs of one id in two stacks', constructIn('Shop', 'Zavu'), constructIn('Support', 'Zavu')],
    [
      'a stack whose name is that of a stack and a construct',
      stackCalled('Shop-Zavu'),
      constructIn('Shop', 'Zavu'),
    ],
    ['a construct beside a stack', stackCalled('Shop'), constructIn('Shop', 'Zavu')],
  ])('%s share no name', (_what, one, other) => {
    const names = namesOf(one);
    expect(names.length).toBeGreaterThan(10);
    expect(namesOf(other).filter((name) => names.includes(name))).toEqual([]);
  });
});

describe('in a stack of your own', () => {
  /** A construct and, beside it, what the guardrails would refuse in a stack that is all theirs. */
  function beside() {
    const stack = new Stack(new App(), 'Mine');
    const zavu = new ZavuWebhooks(stack, 'Zavu', { handlers });
    new LogGroup(stack, 'Logs', { retention: RetentionDays.INFINITE });
    new Queue(stack, 'Orders', { queueName: 'orders' });
    return { stack, zavu };
  }

  test('your resources are yours to judge', () => {
    const { stack } = beside();
    new Queue(new Construct(stack, 'ZavuOrders'), 'Queue', { queueName: 'other' });
    expect(refusal(stack)).toBe('');
  });

  test('what is wrong with ours is refused all the same', () => {
    const { stack, zavu } = beside();
    const worker = zavu.workers.inbound.function.node.defaultChild as CfnFunction;
    worker.addPropertyOverride('ReservedConcurrentExecutions', 5);
    const refused = refusal(stack);
    expect(refused).toContain('Mine/Zavu/InboundWorker/Function takes from an SQS queue');
    expect(refused.match(/Guardrails::/g)).toHaveLength(1);
  });

  test('what you put into the construct is judged, and an acknowledgement of it counts', () => {
    const withLogs = () => {
      const { stack, zavu } = beside();
      return { stack, logs: new LogGroup(zavu, 'Logs', { retention: RetentionDays.INFINITE }) };
    };
    expect(refusal(withLogs().stack)).toContain('Mine/Zavu/Logs keeps its logs for ever');
    const { stack, logs } = withLogs();
    Validations.of(logs).acknowledge({ id: 'Guardrails::log-retention', reason: 'They are evidence.' });
    expect(refusal(stack)).toBe('');
  });

  test('its settings are its own, whatever the context of the app says', () => {
    const app = new App({ context: { throttleRate: '20', zavu: { throttleRate: 30 } } });
    const stack = new Stack(app, 'Mine');
    new ZavuWebhooks(stack, 'Zavu', { handlers, settings: { throttleRate: 40 } });
    new ZavuWebhooks(stack, 'Read', { handlers, settings: readSettings(app.node) });
    const rates = resources(Template.fromStack(stack), 'AWS::ApiGatewayV2::Stage').map(
      ([id, { Properties }]) => [id.slice(0, 4), Object(Properties.DefaultRouteSettings).ThrottlingRateLimit],
    );
    expect(rates).toEqual([
      ['Zavu', 40],
      ['Read', 20],
    ]);
  });

  test('settings are refused with the sentences that they have in the context', () => {
    const refused = (act: () => unknown) => {
      try {
        act();
      } catch (error) {
        return String(error);
      }
      return 'It is not refused.';
    };
    const context = { zavu: { throttleRate: 0, throttleBurst: 3 } };
    const inContext = refused(() => readSettings(new App({ context }).node));
    const asProps = refused(
      () => new ZavuWebhooks(new Stack(), 'Zavu', { handlers, settings: context.zavu as SettingsProps }),
    );
    expect(inContext).toContain('throttleRate: must be a whole number from 1 to 10000, not 0');
    expect(inContext).toContain('throttleBurst: there is no such setting any more.');
    expect(asProps).toBe(inContext);
    const conflict = { retryDelaysSeconds: [43_200] };
    expect(() => new ZavuWebhooks(new Stack(), 'Zavu', { handlers, settings: conflict })).toThrow(
      'retryDelaysSeconds has a wait of 43200 s, and workerTimeoutSeconds is 30',
    );
  });
});
