import { account } from '../template/environment.ts';
import { arn } from '../template/intrinsics.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

/** The HTTP API: what its routes call, and what its access log is written to. */
export const httpApiTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGatewayV2::Api': { properties: ['Description', 'Name', 'ProtocolType', 'Tags'] },
  'AWS::ApiGatewayV2::Integration': {
    properties: [
      'ApiId',
      'Description',
      'IntegrationType',
      'IntegrationUri',
      'PayloadFormatVersion',
      'TimeoutInMillis',
    ],
  },
  'AWS::ApiGatewayV2::Route': {
    properties: ['ApiId', 'AuthorizationType', 'RouteKey', 'Target'],
    calls: invocations,
  },
  'AWS::ApiGatewayV2::Stage': {
    properties: [
      'AccessLogSettings',
      'ApiId',
      'AutoDeploy',
      'DefaultRouteSettings',
      'Description',
      'RouteSettings',
      'StageName',
      'Tags',
    ],
    calls: accessLog,
  },
};

/**
 * A route calls its function, or one of its aliases, at each stage of the API. Without permission it answers 500.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function invocations(route: TemplateResource): ServiceCall[] {
  const authorization = route.get('AuthorizationType') ?? 'NONE';
  if (authorization !== 'NONE') throw route.unknown(`the authorization ${authorization}`);
  const integrationId = route.text('Target').split('/').at(-1) ?? '';
  const integration = route.other('AWS::ApiGatewayV2::Integration', integrationId);
  const target = integration.text('IntegrationUri');
  const isFunction = integration.text('IntegrationType') === 'AWS_PROXY' && target.includes(':function:');
  if (!isFunction) throw integration.unknown(`the target ${target}`);

  const key = route.text('RouteKey');
  const [, method, path] = key.match(/^([A-Z]+) (\/.*)$/) ?? [];
  if (!method || method === 'ANY') throw route.unknown(`the route key ${key}`);
  const api = route.text('ApiId');
  const stages = route.others('AWS::ApiGatewayV2::Stage').filter((stage) => stage.text('ApiId') === api);
  return stages.map((stage) => ({
    from: route.id,
    call: {
      principal: 'apigateway.amazonaws.com',
      action: 'lambda:InvokeFunction',
      resource: target,
      context: {
        'aws:SecureTransport': 'true',
        'aws:SourceAccount': account,
        'aws:SourceArn': arn('execute-api', `${api}/${stage.text('StageName')}/${method}${path}`),
      },
    },
    consequence: 'answer every request with 500',
  }));
}

/**
 * The access log is written by AWS's log delivery. The group's policy allows it, or AWS adds that itself, with the
 * rights of the person who deploys: only an explicit Deny can be in the way.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
function accessLog(stage: TemplateResource): ServiceCall[] {
  const { DestinationArn } = Object(stage.get('AccessLogSettings')) as { DestinationArn?: string };
  if (DestinationArn === undefined) return [];
  if (!DestinationArn.startsWith('arn:aws:logs:')) throw stage.unknown(`the access log ${DestinationArn}`);
  const stream = `${DestinationArn.replace(/:\*$/, '')}:log-stream:stage`;
  const context = {
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': account,
    'aws:SourceArn': arn('logs', 'delivery'),
  };
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    from: stage.id,
    call: { principal: 'delivery.logs.amazonaws.com', action, resource: stream, context },
  }));
}
