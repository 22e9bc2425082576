import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface GradualDeploymentProps {
  alias: Alias;
  /** Whichever rings while traffic shifts takes the new version back. */
  alarms: Alarm[];
}

/**
 * Shifts traffic to a new version of a function: a tenth of it first, the rest after five minutes. An alarm that
 * rings in between takes it back, and the deployment of the stack fails.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
 */
export class GradualDeployment extends Construct {
  constructor(scope: Construct, id: string, { alias, alarms }: GradualDeploymentProps) {
    super(scope, id);
    const group = new LambdaDeploymentGroup(this, 'Group', {
      application: new LambdaApplication(this, 'Application'),
      alias,
      alarms,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    });
    Validations.of(group.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        "CodeDeploy's own policy for Lambda, the smaller of its two: it grows with what CodeDeploy needs. " +
        'https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html',
    });
  }
}
