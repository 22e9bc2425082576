import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../settings/settings.ts';

export interface GradualDeploymentProps {
  alias: Alias;
  /** Whichever rings while traffic shifts takes the new version back. */
  alarms: Alarm[];
  /** With `gradualDeployment` as `at_once`, it shifts all of the traffic at once, and asks no alarm. */
  settings: Settings;
}

/**
 * Shifts traffic to a new version of a function: a tenth of it first, the rest after five minutes. An alarm that
 * rings in between takes it back, and the deployment of the stack fails.
 *
 * CodeDeploy stops any deployment while an alarm rings, one that shifts everything at once, too. So
 * `at_once` has it ignore the alarms. The group changes before the alias, which refers to it, so one deployment of the stack is enough.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
 */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, { alias, alarms, settings }: GradualDeploymentProps) {
    super(scope, id);
    const atOnce = settings.gradualDeployment === 'at_once';
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
