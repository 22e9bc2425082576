import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '../../../lambda/shared/json.ts';
import { eventSourceCall } from '../lambda/api.ts';
import { arn, parameterArn, secretArn } from '../template/intrinsics.ts';

/** What a request to AWS asks for, in the words of IAM. */
export interface AwsCall {
  /** The service's name in its signatures and permissions, such as `sqs`. */
  service: string;
  /** The access key of the credentials that signed it. */
  accessKeyId: string;
  /** The permission that it needs, such as `sqs:SendMessage`. */
  action: string;
  /** ARN of what it acts on. */
  resource: string;
  /** The item of a table that it acts on, or the key of one, as DynamoDB writes it. */
  item?: Readonly<Record<string, unknown>>;
}

/** Method and path of a request. */
interface RequestLine {
  method?: string | undefined;
  url?: string | undefined;
}

/** Who signed a request, and for which service. */
export type Signer = Pick<AwsCall, 'accessKeyId' | 'service'>;

/**
 * Reads who signed a request, and for which service.
 *
 * @returns undefined if it is not signed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function signerOf({ authorization }: IncomingHttpHeaders): Signer | undefined {
  const [, accessKeyId, service] =
    authorization?.match(/Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

/**
 * Reads what a signed request asks for. The signature itself is not verified.
 *
 * @param body in JSON, or a form of SNS
 * @param line by which Lambda's API says what is asked
 * @returns a call for each thing that it acts on: a batch acts on several. None if it is
 * not signed, or names nothing
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function parseAwsCalls(headers: IncomingHttpHeaders, body: string, line: RequestLine = {}): AwsCall[] {
  const signer = signerOf(headers);
  if (signer?.service === 'lambda') {
    const call = eventSourceCall(line.method, line.url);
    const resource = arn('lambda', `event-source-mapping:${call?.id}`);
    return call ? [{ ...signer, action: `lambda:${call.operation}`, resource }] : [];
  }
  const form = signer?.service === 'sns' ? Object.fromEntries(new URLSearchParams(body)) : undefined;
  const operation = form ? form.Action : String(headers['x-amz-target']).split('.')[1];
  if (!signer || !operation) return [];
  const request = form ?? parseJson(body);
  const { RequestItems, TransactItems } = Object(request) as {
    RequestItems?: object;
    TransactItems?: Record<string, { TableName?: unknown }>[];
  };
  const { Names } = Object(request) as { Names?: unknown };
  if (signer.service === 'ssm' && Array.isArray(Names)) {
    return Names.flatMap((Name: unknown) => callOn({ Name }, operation, signer));
  }
  if (RequestItems) {
    return Object.keys(RequestItems).flatMap((TableName) => callOn({ TableName }, operation, signer));
  }
  if (Array.isArray(TransactItems)) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).flatMap(([kind, of]) => callOn(of, `${kind}Item`, signer)),
    );
  }
  return callOn(request, operation, signer);
}

function callOn(request: unknown, operation: string, signer: Signer): AwsCall[] {
  const { service } = signer;
  const resource = resourceOf(request, service);
  if (!resource) return [];
  // In SQS and SNS a batch needs the permission of its single call.
  const name = service === 'sqs' || service === 'sns' ? operation.replace(/Batch$/, '') : operation;
  return [{ ...signer, action: `${service}:${name}`, resource, ...itemOf(request) }];
}

function itemOf(request: unknown): Pick<AwsCall, 'item'> {
  const { Key, Item = Key } = Object(request) as { Key?: AwsCall['item']; Item?: AwsCall['item'] };
  return Item ? { item: Item } : {};
}

/** ARN of the queue, table or index, secret, delivery stream, event bus, topic or parameter that a request names. */
function resourceOf(request: unknown, service: string): string | undefined {
  const named = Object(request) as Record<string, unknown>;
  const topic = named.TopicArn ?? named.TargetArn;
  if (service === 'sns') return typeof topic === 'string' ? topic : undefined;
  if (service === 'ssm') return typeof named.Name === 'string' ? parameterArn(named.Name) : undefined;
  const { QueueUrl, QueueName, TableName, SecretId, DeliveryStreamName, Entries } = named;
  if (typeof QueueUrl === 'string') return arn('sqs', QueueUrl.split('/').at(-1) ?? '');
  if (typeof QueueName === 'string') return arn('sqs', QueueName);
  if (typeof DeliveryStreamName === 'string') return arn('firehose', `deliverystream/${DeliveryStreamName}`);
  // Batches of SQS have entries too, and name their queue.
  if (Array.isArray(Entries)) return busOf(Entries);
  const name = typeof TableName === 'string' ? TableName : SecretId;
  if (typeof name !== 'string') return undefined;
  if (typeof TableName === 'string') return tableOf(name, named.IndexName);
  if (!name.startsWith('arn:')) return secretArn(name);
  // An ARN may be without the six characters, which Secrets Manager then adds.
  return /-\w{6}$/.test(name) ? name : `${name}-000000`;
}

/**
 * ARN of a table, or of its index if the call reads that: an index has permissions of its own.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
function tableOf(name: string, index: unknown): string {
  const table = name.startsWith('arn:') ? name : arn('dynamodb', `table/${name}`);
  return typeof index === 'string' ? `${table}/index/${index}` : table;
}

/**
 * ARN of the bus that takes the entries of PutEvents; undefined if they go to several: the functions make no such call.
 */
function busOf(entries: readonly unknown[]): string | undefined {
  // Without a name it is the account's own bus.
  const names = new Set(entries.map((entry) => String(Object(entry).EventBusName ?? 'default')));
  const [name] = names;
  if (name === undefined || names.size > 1) return undefined;
  return name.startsWith('arn:') ? name : arn('events', `event-bus/${name}`);
}
