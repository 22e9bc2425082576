import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlToHttpOptions } from 'node:url';
import { parseJson } from './json.ts';
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

type Answer = { status: number; text: string };

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
  // Not imported: an ES module's import of node:http reads all that it exports, and one of these loads undici.
  const { Agent, request } = endpoint.protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
  const to = { ...urlToHttpOptions(endpoint), method: 'POST', agent: new Agent({ keepAlive: true }) };
  const contentType = `application/x-amz-json-${json}`;
  const sign = createSigner({ service: name, region, host: endpoint.host, contentType });

  function headersOf(operation: string, body: string): Record<string, string> {
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = source;
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const headers = sign(`${target}.${operation}`, body, credentials, Date.now());
    headers['content-length'] = String(Buffer.byteLength(body));
    headers['user-agent'] = 'zavu-webhooks';
    // Lambda's runtime sets it for each invocation, and SQS passes it on to the worker.
    if (source._X_AMZN_TRACE_ID) headers['x-amzn-trace-id'] = source._X_AMZN_TRACE_ID;
    return headers;
  }

  async function attempt(operation: string, body: string, deadline: number): Promise<Answer> {
    const headers = headersOf(operation, body);
    const late = () => new ServiceError('TimeoutError', `${operation} was not answered in time.`, true);
    const left = Math.min(tryMs, deadline - Date.now());
    if (left <= 0) throw late();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const call = request({ ...to, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    const timer = setTimeout(() => call.destroy(late()), left);
    call.end(body);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  async function once(operation: string, body: string, deadline: number): Promise<Record<string, unknown>> {
    const { status, text } = await attempt(operation, body, deadline);
    const json = parseJson(text);
    const fields: Record<string, unknown> = Object(json);
    if (status === 200 && fields === json) return fields;
    // Some services write the code's namespace before it.
    const code = /\w+$/.exec(String(fields.__type ?? ''))?.[0] ?? 'ServiceError';
    const isTransient =
      status === 200 || status === 429 || status >= 500 || /Throttl|TooManyRequests|LimitExceeded/.test(code);
    throw new ServiceError(code, `${operation} was answered ${status}.`, isTransient);
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
