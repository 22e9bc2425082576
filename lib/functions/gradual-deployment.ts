import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { settingsOf } from '../settings/scope.ts';

interface GradualDeploymentProps {
  alias: Alias;
  /** If one of them fires while traffic shifts, the new version is rolled back. */
  alarms: Alarm[];
}

/**
 * Shifts traffic to a new version of a function: a tenth of it first, the other nine tenths after five minutes. If an
 * alarm fires in between, the version is rolled back, and the deployment of the stack fails.
 *
 * CodeDeploy stops any deployment while an alarm is in ALARM, even one that shifts everything at once. So if the setting
 * `gradualDeployment` is `at_once`, CodeDeploy ignores the alarms. The group changes before the alias, which refers to it,
 * so one deployment of the stack is enough.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
 */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, { alias, alarms }: GradualDeploymentProps) {
    super(scope, id);
    const atOnce = settingsOf(this).gradualDeployment === 'at_once';
    const group = new LambdaDeploymentGroup(this, 'Group', {
      application: new LambdaApplication(this, 'Application'),
      alias,
      alarms,
      deploymentConfig: atOnce
        ? LambdaDeploymentConfig.ALL_AT_ONCE
        : LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      ignoreAlarmConfiguration: atOnce,
      autoRollback: { deploymentInAlarm: !atOnce },
    });
    Validations.of(group.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        "CodeDeploy's own policy for Lambda, the smaller of its two: it grows with what CodeDeploy needs. " +
        'https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html',
    });
  }
}
