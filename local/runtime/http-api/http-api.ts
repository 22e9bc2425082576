import type { IncomingMessage, RequestListener } from 'node:http';
import type { LogGroups } from '../../aws/logs/log-groups.ts';
import { type Assembly, resourcesOfType } from '../../aws/template/assembly.ts';
import { functionOf } from '../../aws/template/intrinsics.ts';
import type { Resolve } from '../../aws/template/resolve.ts';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../error-message.ts';
import { printable } from '../../printable.ts';
import { maxPayloadBytes } from '../event-sources/batch-payload.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { failure, type HttpAnswer, integrate, refusal } from './answer.ts';
import { type HttpRequest, readBody, readHead, toEvent } from './http-request.ts';
import { requestLog } from './request-log.ts';
import { createStage } from './stage.ts';

/** A body of this length fits into an event of Lambda's, although JSON may write each of its characters as six. */
const surelyFits = maxPayloadBytes / 8;

/** Who is told of each request that was answered. */
interface RequestObserver {
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
  /** Undefined if Lambda was not called. */
  integrationLatencyMs: number | undefined;
}

/** What an HTTP API works with. */
interface HttpApiSurroundings {
  /** By which the stage throttles. */
  clock: Clock;
  /** Takes the access log. */
  logs: LogGroups;
  observer: RequestObserver;
}

/**
 * The HTTP API of a template, payload format 2.0. Its stage throttles what matches a route, and logs every request.
 * That it may invoke its functions was demanded at deployment.
 *
 * @throws Error naming a stage's setting, or a variable of its access log, that is not known here
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function createHttpApi(
  assembly: Assembly,
  resolve: Resolve,
  functions: ReadonlyMap<string, LambdaFunction>,
  { clock, logs, observer }: HttpApiSurroundings,
): RequestListener {
  const routes = routesOf(assembly, resolve, functions);
  const stage = createStage(assembly, resolve, clock, logs);

  async function serve(incoming: IncomingMessage, request: HttpRequest): Promise<HttpAnswer> {
    const target = routes.get(request.routeKey);
    if (!target) return refusal(404, 'Not Found', 'RESOURCE_NOT_FOUND');
    if (!stage.admit()) return refusal(429, 'Too Many Requests', 'THROTTLED');
    const body = await readBody(incoming);
    const tooLarge = refusal(413, 'Request Entity Too Large', 'REQUEST_TOO_LARGE');
    if (!body) return tooLarge;
    const event = toEvent(request, body);
    if (body.length > surelyFits && Buffer.byteLength(JSON.stringify(event)) > maxPayloadBytes) {
      // No page of AWS's says what an HTTP API answers then. People who met it report 413.
      const error = 'Request must be smaller than 6291456 bytes.';
      return { ...tooLarge, integration: { latencyMs: 0, lambdaStatus: 413, error } };
    }
    return integrate(target, event);
  }

  return (incoming, response) => {
    const begun = performance.now();
    const request = readHead(incoming);
    const reply = (answer: HttpAnswer) => {
      if (response.destroyed) return;
      response.writeHead(answer.status, answer.headers).end(answer.body);
      const latencyMs = performance.now() - begun;
      const { status, integration } = answer;
      observer.answered({ status, latencyMs, integrationLatencyMs: integration?.latencyMs });
      stage.log(requestLog(request, routes.has(request.routeKey), answer, latencyMs));
    };
    serve(incoming, request)
      .then(reply)
      .catch((error: unknown) => {
        // One request must not end the local run: the sender went away, or what the function answered is no answer.
        if (response.destroyed || response.headersSent) return;
        console.error(printable(`${request.routeKey}: ${errorMessage(error)}`));
        reply(failure({ latencyMs: performance.now() - begun, lambdaStatus: 200 }));
      });
  };
}

/** The functions that routes lead to, by route key. */
function routesOf(
  assembly: Assembly,
  resolve: Resolve,
  functions: ReadonlyMap<string, LambdaFunction>,
): Map<string, LambdaFunction> {
  return new Map(
    resourcesOfType(assembly, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey, Target }]) => {
      const integration = assembly.resources[String(resolve(Target)).split('/').at(-1) ?? ''];
      const target = functions.get(functionOf(String(resolve(integration?.Properties.IntegrationUri))));
      if (!target) throw new Error(`The route ${RouteKey} leads to no function.`);
      return [String(RouteKey), target];
    }),
  );
}
