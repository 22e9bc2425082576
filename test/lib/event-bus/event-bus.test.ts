import type { Template } from 'aws-cdk-lib/assertions';
import { eventBusVariable } from '../../../lambda/event-bus/env.ts';
import { workerNames } from '../../support/handlers.ts';
import { resources, type SynthesizedResource, synthesizeStack, target } from '../../support/template.ts';

const template = synthesizeStack({ eventBus: 'true' });
const [[bus = ''] = []] = resources(template, 'AWS::Events::EventBus');

/** The functions that are told of a bus, by what names it. */
const told = (of: Template) =>
  resources(of, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    return eventBusVariable in Variables ? [Variables] : [];
  });

/** The statements that allow anything on EventBridge. */
const granted = (of: Template) =>
  resources(of, 'AWS::IAM::Policy')
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
    .filter(({ Action }) => JSON.stringify(Action).includes('events:'));

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

test('the workers publish on one bus, and may do nothing else with it', () => {
  template.resourceCountIs('AWS::Events::EventBus', 1);
  expect(told(template).map(({ WORKER_NAME }) => WORKER_NAME)).toEqual(workerNames);
  for (const variables of told(template)) expect(target(variables[eventBusVariable])).toBe(bus);
  expect(granted(template)).toHaveLength(workerNames.length);
  for (const statement of granted(template)) {
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'events:PutEvents' });
    expect(target(statement.Resource)).toBe(bus);
  }
});

test('nobody else may publish on it', () => {
  template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
});

test('outputs name the bus for who subscribes', () => {
  template.hasOutput('EventBusName', { Value: { Ref: bus } });
  template.hasOutput('EventBusArn', { Value: { 'Fn::GetAtt': [bus, 'Arn'] } });
});

test('the bus is kept where data is, and gone if the deployment that creates them fails', () => {
  const policies = (of: Template) =>
    resources(of, 'AWS::Events::EventBus').map(
      ([, { DeletionPolicy }]: [string, SynthesizedResource]) => DeletionPolicy,
    );
  expect(policies(template)).toEqual(['Delete']);
  expect(policies(synthesizeStack({ eventBus: 'true', retainData: 'true' }))).toEqual([
    'RetainExceptOnCreate',
  ]);
});

// `--import-existing-resources` takes a bus back that was kept, by a name that is a text (docs/fan-out.md).
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
test('the bus keeps its name, by which a later deployment takes it back', () => {
  const named = (settings = {}) =>
    resources(synthesizeStack({ eventBus: 'true', ...settings }), 'AWS::Events::EventBus')[0]?.[1].Properties
      .Name;
  expect(typeof named()).toBe('string');
  expect(named({ retainData: 'true', archive: 'true' })).toBe(named());
});

test.each([{}, { stage: 'prod' }, { eventBus: 'false' }])('off with %j: nothing of it', (settings) => {
  const off = synthesizeStack(settings);
  off.resourceCountIs('AWS::Events::EventBus', 0);
  expect(told(off)).toEqual([]);
  expect(granted(off)).toEqual([]);
  expect(Object.keys(off.findOutputs('*'))).not.toContain('EventBusName');
});
