import type { IncomingMessage, RequestListener } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { printable } from '../../../cli/shared/printable.ts';
import type { Call } from '../../aws/iam/iam.ts';
import type { LogGroups } from '../../aws/logs/log-groups.ts';
import type { Assembly } from '../../aws/template/assembly.ts';
import { account, arn, functionOf, type Resolve } from '../../aws/template/intrinsics.ts';
import type { Clock } from '../../clock.ts';
import { maxPayloadBytes } from '../event-sources/batch-payload.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { type AccessLogContext, commonLogTime } from './access-log.ts';
import { type HttpRequest, readBody, readHead, toEvent } from './http-request.ts';
import { createStage } from './stage.ts';

const integrationTimeoutMs = 30_000;

/** So long a body fits into an event of Lambda's, though JSON may write each of its characters as six. */
const surelyFits = maxPayloadBytes / 8;

/** Who is told of each request that was answered. */
export interface RequestObserver {
  /**
   * It makes the metrics Count, 4xx, 5xx, Latency and IntegrationLatency of `AWS/ApiGateway`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
   */
  answered(request: AnsweredRequest): void;
}

export interface AnsweredRequest {
  status: number;
  latencyMs: number;
  /** Undefined where Lambda was not called. */
  integrationLatencyMs: number | undefined;
}

/** What an HTTP API works with. */
export interface HttpApiSurroundings {
  /** Whether API Gateway may call what a route leads to. */
  permits(call: Call): boolean;
  /** By which the stage throttles. */
  clock: Clock;
  /** Takes the access log. */
  logs: LogGroups;
  observer: RequestObserver;
}

/** An answer, and how it came about. */
interface Outcome {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Where API Gateway answers in the function's place. */
  error?: { message: string; responseType: string };
  integration?: Integration;
}

/** What came of the call of Lambda. */
interface Integration {
  latencyMs: number;
  /** What Lambda answered; undefined where it did not. */
  lambdaStatus?: number;
  /** What the function answered. */
  status?: number;
  error?: string;
}

/**
 * The HTTP API of a template, payload format 2.0. Its stage throttles what matches a route, and logs every request.
 *
 * @throws Error naming a stage's setting, or a variable of its access log, that is not known here
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function createHttpApi(
  assembly: Assembly,
  resolve: Resolve,
  functions: ReadonlyMap<string, LambdaFunction>,
  { permits, clock, logs, observer }: HttpApiSurroundings,
): RequestListener {
  const routes = new Map<string, { target: LambdaFunction; permission: Call }>();
  for (const { Type, Properties } of Object.values(assembly.resources)) {
    if (Type !== 'AWS::ApiGatewayV2::Route') continue;
    const integration = assembly.resources[String(resolve(Properties.Target)).split('/').at(-1) ?? ''];
    const functionArn = String(resolve(integration?.Properties.IntegrationUri));
    const target = functions.get(functionOf(functionArn));
    const routeKey = String(Properties.RouteKey);
    if (!target) throw new Error(`The route ${routeKey} leads to no function.`);
    const source = arn('execute-api', `${resolve(Properties.ApiId)}/$default/${routeKey.replace(' ', '')}`);
    const permission = {
      principal: 'apigateway.amazonaws.com',
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      context: { 'aws:SourceArn': source },
    };
    routes.set(routeKey, { target, permission });
  }
  const stage = createStage(assembly, resolve, clock, logs);

  async function serve(incoming: IncomingMessage, request: HttpRequest): Promise<Outcome> {
    const route = routes.get(request.routeKey);
    if (!route) return refusal(404, 'Not Found', 'RESOURCE_NOT_FOUND');
    if (!stage.admit()) return refusal(429, 'Too Many Requests', 'THROTTLED');
    if (!permits(route.permission)) {
      return failure({ latencyMs: 0, lambdaStatus: 403, error: 'API Gateway may not invoke the function.' });
    }
    const body = await readBody(incoming);
    if (!body) return refusal(413, 'Request Entity Too Large', 'REQUEST_TOO_LARGE');
    const event = toEvent(request, body);
    if (body.length > surelyFits && Buffer.byteLength(JSON.stringify(event)) > maxPayloadBytes) {
      // What an HTTP API answers then stands on no page of AWS's. Who met it reports 413.
      return {
        ...refusal(413, 'Request Entity Too Large', 'REQUEST_TOO_LARGE'),
        integration: {
          latencyMs: 0,
          lambdaStatus: 413,
          error: 'Request must be smaller than 6291456 bytes.',
        },
      };
    }
    return integrate(route.target, event);
  }

  return (incoming, response) => {
    const begun = performance.now();
    const request = readHead(incoming);
    const answer = (outcome: Outcome) => {
      if (response.destroyed) return;
      response.writeHead(outcome.status, outcome.headers).end(outcome.body);
      const latencyMs = performance.now() - begun;
      const { status, integration } = outcome;
      observer.answered({ status, latencyMs, integrationLatencyMs: integration?.latencyMs });
      stage.log(toLog(request, routes.has(request.routeKey), outcome, latencyMs));
    };
    serve(incoming, request)
      .then(answer)
      .catch((error: unknown) => {
        // One request must not end the stack: the sender went away, or the function's answer is none.
        if (response.destroyed || response.headersSent) return;
        console.error(printable(`${request.routeKey}: ${error instanceof Error ? error.message : error}`));
        answer(failure({ latencyMs: performance.now() - begun, lambdaStatus: 200 }));
      });
  };
}

/** Has a function answer, within the time that API Gateway gives it. */
async function integrate(target: LambdaFunction, event: object): Promise<Outcome> {
  const begun = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, integrationTimeoutMs, 'late');
  });
  const result = await Promise.race([target.invoke(event), late]);
  clearTimeout(timer);
  const latencyMs = performance.now() - begun;
  if (result === 'late') {
    return {
      ...refusal(503, 'Service Unavailable', 'INTEGRATION_TIMEOUT'),
      integration: { latencyMs, error: 'The function did not answer in time.' },
    };
  }
  if (!result.ok && result.throttled) {
    // AWS's pages leave open what an HTTP API answers then; who met it reports 503. A REST API answers 500.
    return {
      ...refusal(503, 'Service Unavailable', 'INTEGRATION_FAILURE'),
      integration: { latencyMs, lambdaStatus: 429, error: 'Rate Exceeded.' },
    };
  }
  if (!result.ok) return failure({ latencyMs, lambdaStatus: 200, error: 'The function gave no answer.' });

  const { statusCode, headers, body, isBase64Encoded } = result.result as APIGatewayProxyStructuredResultV2;
  const status = statusCode ?? 200;
  return {
    status,
    headers: headers as Record<string, string>,
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    integration: { latencyMs, lambdaStatus: 200, status },
  };
}

/** An answer of API Gateway's own. */
function refusal(status: number, message: string, responseType: string): Outcome {
  const body = Buffer.from(JSON.stringify({ message }));
  return { status, headers: { 'content-type': 'application/json' }, body, error: { message, responseType } };
}

/** What API Gateway answers where the integration gave nothing. */
function failure(integration: Integration): Outcome {
  return { ...refusal(500, 'Internal Server Error', 'INTEGRATION_FAILURE'), integration };
}

function toLog(
  request: HttpRequest,
  isRoute: boolean,
  { status, body, error, integration }: Outcome,
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
