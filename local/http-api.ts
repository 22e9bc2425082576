import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Assembly } from './assembly.ts';
import type { Call } from './iam.ts';
import { account, arn, functionOf, type Resolve } from './intrinsics.ts';
import type { LambdaFunction } from './lambda.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxPayloadBytes = 10 * 1024 * 1024;
const integrationTimeoutMs = 30_000;

/** Types that API Gateway hands over as text; it encodes every other body, and one without a type, in base64. */
const textTypes = /^(text\/|application\/(json|xml|javascript)$)/;

/**
 * The HTTP API of a template, payload format 2.0.
 *
 * @param permits whether API Gateway may call what a route leads to
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function createHttpApi(
  assembly: Assembly,
  resolve: Resolve,
  functions: ReadonlyMap<string, LambdaFunction>,
  permits: (call: Call) => boolean,
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

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const routeKey = `${request.method} ${splitUrl(request).path}`;
    const route = routes.get(routeKey);
    if (!route) return answer(response, 404, { message: 'Not Found' });
    if (!permits(route.permission)) return answer(response, 500, { message: 'Internal Server Error' });
    const body = await read(request);
    if (!body) return answer(response, 413, { message: 'Request Entity Too Large' });

    const tooLong = AbortSignal.timeout(integrationTimeoutMs);
    const late = new Promise<'late'>((resolve) => tooLong.addEventListener('abort', () => resolve('late')));
    const result = await Promise.race([route.target.invoke(toEvent(request, routeKey, body)), late]);
    if (result === 'late') return answer(response, 503, { message: 'Service Unavailable' });
    if (!result.ok) return answer(response, 500, { message: 'Internal Server Error' });
    const {
      statusCode,
      headers,
      body: text,
      isBase64Encoded,
    } = result.result as APIGatewayProxyStructuredResultV2;
    response.writeHead(statusCode ?? 200, headers as Record<string, string>);
    response.end(Buffer.from(text ?? '', isBase64Encoded ? 'base64' : 'utf8'));
  }

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      // One request must not end the stack: the sender went away, or the function's answer is none.
      if (response.destroyed || response.headersSent) return;
      console.error(`${request.method} ${request.url}: ${error instanceof Error ? error.message : error}`);
      answer(response, 500, { message: 'Internal Server Error' });
    });
  };
}

/** The path and the query string as they were sent, which need not make a URL. */
function splitUrl({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const [path = '/'] = url.split('?', 1);
  return { path, query: url.slice(path.length + 1) };
}

function toEvent(request: IncomingMessage, routeKey: string, body: Buffer): APIGatewayProxyEventV2 {
  const { path, query } = splitUrl(request);
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]),
  );
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isBase64Encoded = !textTypes.test(type);
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

/** The body, or undefined when it is larger than API Gateway takes. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on: a sender that is cut off in mid-body does not see the answer.
    if (size <= maxPayloadBytes) chunks.push(chunk);
  }
  return size <= maxPayloadBytes ? Buffer.concat(chunks) : undefined;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
