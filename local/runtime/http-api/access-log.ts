/**
 * What the access log of an HTTP API may tell of a request. Of AWS's variables, these are known here: those
 * of authorizers, client certificates and custom domains are not.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export interface AccessLogContext {
  accountId: string;
  apiId: string;
  domainName: string;
  domainPrefix: string;
  /** API Gateway's own message, if it answers in the integration's place. */
  'error.message': string | undefined;
  /** Such as `THROTTLED`. */
  'error.responseType': string | undefined;
  httpMethod: string;
  'identity.sourceIp': string;
  'identity.userAgent': string;
  /** What an integration's failure is called. */
  'integration.error': string | undefined;
  /** What Lambda answered: 200 even if the function failed, 429 if Lambda throttled. */
  'integration.integrationStatus': number | undefined;
  /** Milliseconds. */
  'integration.latency': number | undefined;
  /** What the function answered. */
  'integration.status': number | undefined;
  path: string;
  protocol: string;
  requestId: string;
  /** As in `27/Nov/2026:15:32:11 +0000`. */
  requestTime: string;
  /** Milliseconds since the epoch. */
  requestTimeEpoch: number;
  /** Milliseconds. */
  responseLatency: number;
  /** Bytes. */
  responseLength: number;
  routeKey: string | undefined;
  stage: string;
  status: number;
}

/** The variables that are put in as they are. */
const plain: readonly (keyof AccessLogContext)[] = [
  'accountId',
  'apiId',
  'domainName',
  'domainPrefix',
  'error.message',
  'error.responseType',
  'httpMethod',
  'identity.sourceIp',
  'identity.userAgent',
  'integration.error',
  'integration.integrationStatus',
  'integration.latency',
  'integration.status',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'responseLatency',
  'responseLength',
  'routeKey',
  'stage',
  'status',
];

type Render = (context: AccessLogContext) => string | number | undefined;

const renderField =
  (name: keyof AccessLogContext): Render =>
  (context) =>
    context[name];

/** Every variable that is known here, without `$context.`, and how it is put in. */
const variables: Readonly<Record<string, Render>> = {
  ...Object.fromEntries(plain.map((name) => [name, renderField(name)])),
  // The only one that is quoted. A quote in any other ends a string of JSON around it.
  'error.messageString': ({ 'error.message': message }) => message && JSON.stringify(message),
  extendedRequestId: renderField('requestId'),
  integrationErrorMessage: renderField('integration.error'),
  integrationLatency: renderField('integration.latency'),
  integrationStatus: renderField('integration.integrationStatus'),
};

/** Stands for a variable that has no value. */
const none = '-';

/**
 * Compiles the format of an access log.
 *
 * @param format text with variables such as `$context.status`, which are put in as they are, without any escaping
 * @returns a function that takes what is known of a request and gives its line
 * @throws Error naming a variable that is not known here
 */
export function accessLogFormat(format: string): (context: AccessLogContext) => string {
  const variable = /\$context\.(\w+(?:\.\w+)*)/g;
  for (const [text, name = ''] of format.matchAll(variable)) {
    if (!Object.hasOwn(variables, name)) {
      throw new Error(`The local run does not know ${text}, which the access log's format names.`);
    }
  }
  return (context) =>
    format.replace(variable, (_, name: string) => String(variables[name]?.(context) ?? none));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as the common log format writes it, in UTC. */
export function commonLogTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time} +0000`;
}
