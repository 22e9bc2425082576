import type { IncomingHttpHeaders } from 'node:http';

/**
 * The services that a function may call here, by their names in signatures: what people call them, and the environment
 * variable of the local run that names one which runs elsewhere, if there is one.
 */
export const emulatedServices = {
  sqs: { title: 'SQS', elsewhere: 'SQS_ENDPOINT' },
  dynamodb: { title: 'DynamoDB', elsewhere: 'DYNAMODB_ENDPOINT' },
  secretsmanager: { title: 'Secrets Manager', elsewhere: 'SECRETS_MANAGER_ENDPOINT' },
  events: { title: 'EventBridge', elsewhere: 'EVENT_BRIDGE_ENDPOINT' },
  firehose: { title: 'Firehose', elsewhere: 'FIREHOSE_ENDPOINT' },
  sns: { title: 'SNS', elsewhere: undefined },
  ssm: { title: 'SSM', elsewhere: undefined },
} as const;

/** A service that functions may call, by its name in signatures. */
export type EmulatedService = keyof typeof emulatedServices;

/** What a caller is told of a service that is not emulated: which it is, what was called, and what to set. */
export function notEmulated(headers: IncomingHttpHeaders, url: string, service: string): string {
  const title = titleOf(headers) ?? service.toUpperCase();
  const operation = operationOf(headers, url);
  const variable = endpointVariable(title);
  return (
    `${title} is not emulated${operation ? `, and ${operation} was called` : ''}. ` +
    `Set ${variable} in .env.local to an emulator of it, ${otherwise}`
  );
}

const otherwise = 'or give the handler a fake for it.';

/** What the emulators lack and people use: transactions and PartiQL, and of parameters all but reading those of a name. */
const missing: Readonly<Partial<Record<string, RegExp>>> = {
  dynamodb: /^(Transact|(Batch)?Execute)/,
  ssm: /^(?!GetParameters?$)/,
};

/** What a caller is told of an operation that the emulator of its service does not have; undefined if it has it. */
export function missingOperation(headers: IncomingHttpHeaders, service: string): string | undefined {
  const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
  if (!missing[service]?.test(operation)) return undefined;
  const { title, elsewhere } = emulatedServices[service as EmulatedService];
  const remedy = elsewhere
    ? `Start the local run with $${elsewhere} set to a ${title} that has it.`
    : `Set ${endpointVariable(title)} in .env.local to an emulator that has it, ${otherwise}`;
  return `${operation} of ${title} is not emulated. ${remedy}`;
}

/** What the names of variables begin with by which the SDKs find a service elsewhere. */
export const endpointPrefix = 'AWS_ENDPOINT_URL_';

/** The variable of a service, such as AWS_ENDPOINT_URL_BEDROCK_RUNTIME. */
export function endpointVariable(title: string): string {
  return `${endpointPrefix}${title.toUpperCase().replace(/\W+/g, '_')}`;
}

/**
 * A service as its SDK calls it: the name in a signature may be another, and that in the variable is made of this one.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
function titleOf(headers: IncomingHttpHeaders): string | undefined {
  const agent = `${headers['x-amz-user-agent']} ${headers['user-agent']}`;
  return agent
    .match(/\bapi\/([\w-]+)/)?.[1]
    ?.replace(/[_-]+/g, ' ')
    .replace(/\b\w/g, (first) => first.toUpperCase());
}

/** The name of what was called, as far as the request has it: in its target, or in S3's query. */
function operationOf(headers: IncomingHttpHeaders, url: string): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1);
  return new URL(url, 'http://localhost').searchParams.get('x-id') ?? undefined;
}
