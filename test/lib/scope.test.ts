import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Monitoring } from '../../lib/monitoring/monitoring.ts';
import { provideSettings, settingsOf } from '../../lib/settings/scope.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { createStack, resources } from '../support/template.ts';

const defaults = readSettings(new App().node);

/** A construct that parts may stand in, and a part of it, some levels below. */
function deploy(stack: Stack, id: string, settings: Partial<Settings> = {}) {
  const owner = new Construct(stack, id);
  provideSettings(owner, { ...defaults, ...settings });
  const monitoring = new Monitoring(owner, 'Monitoring');
  return { owner, monitoring, part: new Construct(new Construct(owner, 'Receiver'), 'Function') };
}

test('two deployments in one stack have each their own settings and monitoring', () => {
  const stack = new Stack(new App(), 'Shared');
  const one = deploy(stack, 'One', { logRetentionDays: 1 });
  const other = deploy(stack, 'Other', { logRetentionDays: 7 });
  for (const { owner, monitoring, part } of [one, other]) {
    expect(Monitoring.of(part)).toBe(monitoring);
    expect(Monitoring.of(owner)).toBe(monitoring);
    expect(Monitoring.of(monitoring)).toBe(monitoring);
  }
  expect(settingsOf(one.part).logRetentionDays).toBe(1);
  expect(settingsOf(other.part).logRetentionDays).toBe(7);

  Monitoring.of(one.part).alarm('Odd', '', {
    metric: new Metric({ namespace: 'Own', metricName: 'Odd' }),
    threshold: 1,
    because: 'it is odd.',
    impact: 'It is odd.',
    urgency: 'notice',
    look: 'here',
    next: 'aws help',
  });
  expect(resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm').map(([id]) => id)).toEqual([
    expect.stringMatching(/^OneMonitoringOdd/),
  ]);
});

test('what stands beside a deployment, or around it, finds nothing, and is told what to do', () => {
  const stack = new Stack(new App(), 'Shared');
  deploy(stack, 'One');
  const beside = new Construct(stack, 'Beside');
  for (const scope of [beside, stack]) {
    expect(() => Monitoring.of(scope)).toThrow(`${scope.node.path} has no Monitoring: create it inside`);
    expect(() => settingsOf(scope)).toThrow(`${scope.node.path} has no settings: create it inside`);
  }
  expect(() => settingsOf(new App())).toThrow('The app has no settings');
});

test('what is put into a deployment finds its monitoring', () => {
  const stack = createStack();
  expect(Monitoring.of(new Construct(stack.zavu, 'Own'))).toBe(stack.zavu.monitoring);
  expect(Monitoring.of(stack.zavu.workers.inbound)).toBe(stack.zavu.monitoring);
});
