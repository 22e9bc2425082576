import { account } from '../../aws/template/environment.ts';
import { type AccessLogContext, commonLogTime } from './access-log.ts';
import type { HttpAnswer } from './answer.ts';
import type { HttpRequest } from './http-request.ts';

/**
 * What the access log may tell of a request.
 *
 * @param isRoute whether the request matches a route
 * @param latencyMs from its head to its answer
 */
export function requestLog(
  request: HttpRequest,
  isRoute: boolean,
  { status, body, error, integration }: HttpAnswer,
  latencyMs: number,
): AccessLogContext {
  return {
    accountId: account,
    apiId: 'local',
    domainName: request.headers.host ?? 'localhost',
    domainPrefix: 'local',
    'error.message': error?.message,
    'error.responseType': error?.responseType,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': request.headers['user-agent'] ?? '',
    'integration.error': integration?.error,
    'integration.integrationStatus': integration?.lambdaStatus,
    'integration.latency': integration && Math.round(integration.latencyMs),
    'integration.status': integration?.status,
    path: request.path,
    protocol: request.protocol,
    requestId: request.requestId,
    requestTime: commonLogTime(request.at),
    requestTimeEpoch: request.at.getTime(),
    responseLatency: Math.round(latencyMs),
    responseLength: body.length,
    routeKey: isRoute ? request.routeKey : undefined,
    stage: '$default',
    status,
  };
}
