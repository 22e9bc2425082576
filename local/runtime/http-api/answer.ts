import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { LambdaFunction } from '../functions/lambda-function.ts';

const integrationTimeoutMs = 30_000;

/** An answer, and how it came about. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** If API Gateway answers in the function's place. */
  error?: { message: string; responseType: string };
  integration?: Integration;
}

/** What came of the call of Lambda. */
interface Integration {
  latencyMs: number;
  /** What Lambda answered; undefined if it did not. */
  lambdaStatus?: number;
  /** What the function answered. */
  status?: number;
  error?: string;
}

/** Lets a function answer, within the time that API Gateway gives it. */
export async function integrate(target: LambdaFunction, event: object): Promise<HttpAnswer> {
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
    // AWS's pages do not say what an HTTP API answers then. People who met it report 503. A REST API answers 500.
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
export function refusal(status: number, message: string, responseType: string): HttpAnswer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { status, headers: { 'content-type': 'application/json' }, body, error: { message, responseType } };
}

/** What API Gateway answers if the integration gave nothing. */
export function failure(integration: Integration): HttpAnswer {
  return { ...refusal(500, 'Internal Server Error', 'INTEGRATION_FAILURE'), integration };
}
