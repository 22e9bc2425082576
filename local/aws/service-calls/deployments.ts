import { arn, functionOf } from '../template/intrinsics.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

const context = { 'aws:SecureTransport': 'true' };

/**
 * Gradual deployments: what CodeDeploy needs of its role, to shift an alias and to watch alarms while it does.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
 */
export const deploymentTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CodeDeploy::Application': { properties: ['ApplicationName', 'ComputePlatform', 'Tags'] },
  'AWS::CodeDeploy::DeploymentGroup': {
    properties: [
      'AlarmConfiguration',
      'ApplicationName',
      'AutoRollbackConfiguration',
      'DeploymentConfigName',
      'DeploymentGroupName',
      'DeploymentStyle',
      'ServiceRoleArn',
      'Tags',
    ],
    calls: (group) => [trust(group), ...watchedAlarms(group)],
  },
  'AWS::Lambda::Alias': {
    properties: [
      'Description',
      'FunctionName',
      'FunctionVersion',
      'Name',
      'ProvisionedConcurrencyConfig',
      'RoutingConfig',
    ],
    calls: shifting,
  },
};

function trust(group: TemplateResource): ServiceCall {
  const resource = group.text('ServiceRoleArn');
  return {
    from: group.id,
    call: { principal: 'codedeploy.amazonaws.com', action: 'sts:AssumeRole', resource, context },
  };
}

function watchedAlarms(group: TemplateResource): ServiceCall[] {
  const { Alarms = [] } = Object(group.get('AlarmConfiguration')) as { Alarms?: { Name: string }[] };
  return Alarms.map(({ Name }) => ({
    from: group.id,
    call: {
      principal: group.text('ServiceRoleArn'),
      action: 'cloudwatch:DescribeAlarms',
      resource: arn('cloudwatch', `alarm:${Name}`),
      context,
    },
  }));
}

interface Shift {
  ApplicationName: string;
  DeploymentGroupName: string;
}

/** An alias that CodeDeploy moves: so says its update policy, which also names the hooks, which are not known here. */
function shifting(alias: TemplateResource): ServiceCall[] {
  const { updatePolicy } = alias;
  alias.expects(['CodeDeployLambdaAliasUpdate'], updatePolicy, 'UpdatePolicy');
  const shift = updatePolicy.CodeDeployLambdaAliasUpdate as Shift | undefined;
  if (!shift) return [];
  alias.expects(['ApplicationName', 'DeploymentGroupName'], shift, 'UpdatePolicy');
  const group = alias.other('AWS::CodeDeploy::DeploymentGroup', shift.DeploymentGroupName);
  const resource = arn('lambda', `function:${functionOf(alias.text('FunctionName'))}`);
  return ['lambda:GetAlias', 'lambda:UpdateAlias'].map((action) => ({
    from: alias.id,
    call: { principal: group.text('ServiceRoleArn'), action, resource, context },
  }));
}
