import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { account } from '../../aws/template/environment.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxPayloadBytes = 10 * 1024 * 1024;

/** Types that API Gateway hands over as text; it encodes every other body, and one without a type, in base64. */
const textTypes = /^(text\/|application\/(json|xml|javascript)$)/;

/** What API Gateway knows of a request before it has read the body. */
export interface HttpRequest {
  requestId: string;
  at: Date;
  /** Such as `POST /webhooks/zavu`. */
  routeKey: string;
  method: string;
  path: string;
  query: string;
  protocol: string;
  /** Names in lower case, values of one name joined with commas. */
  headers: Readonly<Record<string, string | undefined>>;
  sourceIp: string;
}

/** Reads what comes before a body. */
export function readHead(request: IncomingMessage): HttpRequest {
  const { method = '', url = '/', headersDistinct, httpVersion, socket } = request;
  // As they were sent, which need not make a URL.
  const [path = '/'] = url.split('?', 1);
  return {
    // As long as those of HTTP APIs, such as `JKJaXmPLvHcESHA=`.
    requestId: randomBytes(11).toString('base64'),
    at: new Date(),
    routeKey: `${method} ${path}`,
    method,
    path,
    query: url.slice(path.length + 1),
    protocol: `HTTP/${httpVersion}`,
    headers: Object.fromEntries(
      Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(',')]),
    ),
    sourceIp: socket.remoteAddress ?? '',
  };
}

/** Reads a body, or gives undefined if it is larger than API Gateway takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on: a sender that is cut off in mid-body does not see the answer.
    if (size <= maxPayloadBytes) chunks.push(chunk);
  }
  return size <= maxPayloadBytes ? Buffer.concat(chunks) : undefined;
}

/** The event that a function is invoked with. */
export function toEvent(request: HttpRequest, body: Buffer): APIGatewayProxyEventV2 {
  const { requestId, at, routeKey, method, path, query, protocol, headers, sourceIp } = request;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isBase64Encoded = !textTypes.test(type);
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
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage: '$default',
      time: at.toUTCString(),
      timeEpoch: at.getTime(),
    },
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
