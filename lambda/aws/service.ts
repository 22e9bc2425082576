import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, parseJson } from '../shared/json.ts';
import { credentialsOf } from './credentials.ts';
import { HttpConnections } from './http-connections.ts';
import { httpPost } from './http-post.ts';
import { createSigner } from './signature-v4.ts';

/** An AWS service that speaks JSON. */
interface ServiceProps {
  /** Its name in its endpoint and in signatures. */
  name: 'sqs' | 'secretsmanager' | 'firehose';
  /** Its name before an operation's in `X-Amz-Target`. */
  target: string;
  /** The version of AWS's JSON protocol that it speaks. */
  json: '1.0' | '1.1';
  /** The domain of AWS's endpoints in this partition, `amazonaws.com`. */
  domain: string;
  /** How long one try may take, in milliseconds. */
  tryMs: number;
}

/**
 * Calls an operation of a service.
 *
 * @param input as the service's API reference has it
 * @param deadline when to give up, in milliseconds since the epoch
 * @returns the answer's fields
 * @throws ServiceError if the service refuses, answers with something other than JSON, or is late; otherwise the
 *   network's error
 */
type AwsJsonCall = (operation: string, input: object, deadline: number) => Promise<Record<string, unknown>>;

/**
 * A service has not done what it was asked to do. The name, which the log shows, is the service's code. The service's
 * sentence is never shown, because it may quote what was sent.
 */
class ServiceError extends Error {
  override readonly name: string;
  /** Whether it may succeed if it is tried again. */
  readonly isTransient: boolean;

  constructor(name: string, message: string, isTransient: boolean) {
    super(message);
    this.name = name;
    this.isTransient = isTransient;
  }
}

/**
 * Creates the calls of a service, instead of its SDK client, which makes cold starts and requests slower
 * (docs/decisions/0020). Like the client, it reads credentials and region from Lambda's environment and, if it is set,
 * its endpoint from `AWS_ENDPOINT_URL`; it keeps its connection, tries twice, and passes on the trace.
 *
 * @param source the environment, `process.env` unless a test says otherwise
 */
export function createService(
  { name, target, json, domain, tryMs }: ServiceProps,
  source: Readonly<Record<string, string | undefined>> = process.env,
): AwsJsonCall {
  const region = source.AWS_REGION ?? '';
  const endpoint = new URL(source.AWS_ENDPOINT_URL ?? `https://${name}.${region}.${domain}`);
  const connections = new HttpConnections(endpoint);
  const contentType = `application/x-amz-json-${json}`;
  const sign = createSigner({ service: name, region, host: endpoint.host, contentType });
  // Once, as the SDK does: each look at the environment takes time, and Lambda changes the trace's header alone.
  const credentials = credentialsOf(source);

  function requestOf(operation: string, body: string): string {
    const headers = sign(`${target}.${operation}`, body, credentials, Date.now());
    headers.push('content-length', String(Buffer.byteLength(body)), 'user-agent', 'zavu-webhooks');
    // Lambda's runtime sets it for each invocation, and SQS passes it on to the worker.
    const trace = source._X_AMZN_TRACE_ID;
    // No event is refused for its trace.
    if (trace && /^[\x21-\x7e]+$/.test(trace)) headers.push('x-amzn-trace-id', trace);
    return httpPost(headers, body);
  }

  async function once(operation: string, body: string, deadline: number): Promise<Record<string, unknown>> {
    const late = () => new ServiceError('TimeoutError', `${operation} was not answered in time.`, true);
    const left = Math.min(tryMs, deadline - Date.now());
    if (left <= 0) throw late();
    const request = requestOf(operation, body);
    const connection = await connections.take();
    const timer = setTimeout(() => connection.destroy(late()), left);
    try {
      const { status, body: text } = await connection.send(request);
      const answer = parseJson(text);
      if (status === 200 && isRecord(answer)) return answer;
      throw refusal(operation, status, Object(answer).__type);
    } finally {
      clearTimeout(timer);
    }
  }

  return async (operation, input, deadline) => {
    const body = JSON.stringify(input);
    try {
      return await once(operation, body, deadline);
    } catch (error) {
      if (error instanceof ServiceError) {
        if (!error.isTransient) throw error;
        await sleep(Math.random() * 100);
      }
      // At once if the network failed: mostly the connection was closed while the function was frozen.
      return await once(operation, body, deadline);
    }
  };
}

/** The error of an answer that is not as it should be. Some services write the code's namespace before it. */
function refusal(operation: string, status: number, type: unknown): ServiceError {
  const code = /\w+$/.exec(String(type ?? ''))?.[0] ?? 'ServiceError';
  const isTransient =
    status === 200 ||
    status === 408 ||
    status === 429 ||
    status >= 500 ||
    /Throttl|TooManyRequests|LimitExceeded/.test(code);
  return new ServiceError(code, `${operation} was answered ${status}.`, isTransient);
}
