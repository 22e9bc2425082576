import { workerNames } from '../../support/handlers.ts';
import { resources, synthesizeStack, target, textOf } from '../../support/template.ts';

const template = synthesizeStack({ gradualDeployment: 'true', canary: 'true', reconcile: 'true' });
const aliases = resources(template, 'AWS::Lambda::Alias');

test('every function is called by its alias, and its traffic shifts by and by', () => {
  expect(aliases).toHaveLength(workerNames.length + 1);
  for (const [id] of aliases) {
    template.hasResource('AWS::Lambda::Alias', {
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: {}, DeploymentGroupName: {} } },
    });
    const name = id.replace(/FunctionAliaslive.*$/, '');
    const callers = [
      ...resources(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) =>
        JSON.stringify(Properties.FunctionName),
      ),
      ...resources(template, 'AWS::ApiGatewayV2::Integration').map(([, { Properties }]) =>
        JSON.stringify(Properties.IntegrationUri),
      ),
    ];
    expect(callers.filter((caller) => caller.includes(id))).toHaveLength(1);
    expect(callers.filter((caller) => caller.includes(`"${name}Function`) && !caller.includes(id))).toEqual(
      [],
    );
  }
});

test('no alias is without a caller or a deployment group: what a schedule runs has none', () => {
  const invoked = resources(template, 'AWS::Events::Rule').map(([, { Properties }]) => {
    const [{ Arn }] = Properties.Targets as [{ Arn: unknown }];
    return target(Arn)?.replace(/[0-9A-F]{8}$/, '');
  });
  expect(invoked.sort()).toEqual(['CanaryFunction', 'PausesFunction', 'ReconcileFunction']);
  expect(aliases.filter(([id]) => /^(Canary|Pauses|Reconcile)/.test(id))).toEqual([]);
});

test('a version that crashes is rolled back, and dead letters keep no fix from being deployed', () => {
  const groups = resources(template, 'AWS::CodeDeploy::DeploymentGroup');
  expect(groups).toHaveLength(aliases.length);
  for (const [, { Properties }] of groups) {
    expect(Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: { Enabled: true },
    });
    const { Alarms } = Properties.AlarmConfiguration as { Alarms: { Name: unknown }[] };
    const names = Alarms.map(({ Name }) => target(Name) ?? textOf(Name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/WorkerErrors|ReceiverErrors|ReceiverUnavailable/);
  }
});

describe('at_once, for a fix that is deployed while an alarm fires', () => {
  const atOnce = synthesizeStack({ gradualDeployment: 'at_once', canary: 'true', reconcile: 'true' });

  test('shifts all traffic by the same groups, and asks no alarm', () => {
    const groups = resources(atOnce, 'AWS::CodeDeploy::DeploymentGroup');
    expect(groups.map(([id]) => id)).toEqual(
      resources(template, 'AWS::CodeDeploy::DeploymentGroup').map(([id]) => id),
    );
    for (const [, { Properties }] of groups) {
      expect(Properties).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
        AlarmConfiguration: { Enabled: false },
        AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] },
      });
    }
  });

  test('changes nothing else: aliases, callers and permissions stay', () => {
    const others = (of: typeof template) =>
      Object.entries(of.toJSON().Resources as Record<string, { Type: string }>).filter(
        ([, { Type }]) => Type !== 'AWS::CodeDeploy::DeploymentGroup',
      );
    expect(others(atOnce)).toEqual(others(template));
  });
});

test('without it there are neither aliases nor deployment groups', () => {
  const plain = synthesizeStack();
  plain.resourceCountIs('AWS::Lambda::Alias', 0);
  plain.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
});
