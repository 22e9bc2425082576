import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { deploymentName } from '../deployment.ts';
import { settingsOf } from '../settings/scope.ts';

/**
 * A line as JSON, by the variables of an HTTP API. API Gateway puts values in as they are, so a quote in one would break
 * the line, and no JSON pattern would match it any more. So these are numbers and words of AWS's own, and no messages:
 * `error` is the kind of error (`THROTTLED`), and `lambdaStatus` what Lambda answered in place of the integration's
 * message. (`error.messageString` comes with quotes, but without an error it may be a bare hyphen, which would
 * break every other line.)
 *
 * It is for what the receiver never sees, and HTTP APIs cannot log that alone. So it has what the metrics of API Gateway do
 * not tell and no more: latencies are `Latency` and `IntegrationLatency`, sizes `DataProcessed`, and CloudWatch has the time.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const line = {
  requestId: '$context.requestId',
  status: '$context.status',
  // Of the server that sends webhooks, or of a stranger's; never a customer's (docs/security.md).
  sourceIp: '$context.identity.sourceIp',
  error: '$context.error.responseType',
  lambdaStatus: '$context.integration.integrationStatus',
};

/**
 * A line for every request, even for requests that the receiver never sees.
 *
 * Its name begins as that of AWS's own logs does. API Gateway adds any other group to one policy of the account, which
 * all APIs of a region share: it is full at 5,120 characters, and then the deployment fails. Groups with this name are
 * allowed there all at once.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 */
export class AccessLog extends LogGroup {
  /** For the stage whose requests it has. */
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      logGroupName: `/aws/vendedlogs/apigateway/${deploymentName(scope)}/${scope.node.id}`,
      retention: settingsOf(scope).logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.settings = {
      destination: new LogGroupLogDestination(this),
      format: AccessLogFormat.custom(JSON.stringify(line)),
    };
  }
}
