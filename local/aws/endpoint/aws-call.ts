import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '../../../lambda/shared/json.ts';
import { eventSourceCall } from '../lambda/api.ts';
import { arn, secretArn } from '../template/intrinsics.ts';

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

/**
 * Reads what a signed request asks for. The signature itself is not verified.
 *
 * @param body in JSON, which the services of the stack speak
 * @param line method and path, by which Lambda's API says what is asked
 * @returns undefined if it is not signed, or names nothing that it acts on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function parseAwsCall(
  headers: IncomingHttpHeaders,
  body: string,
  line: { method?: string | undefined; url?: string | undefined } = {},
): AwsCall | undefined {
  const [, accessKeyId, service] =
    headers.authorization?.match(/Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/) ?? [];
  if (accessKeyId && service === 'lambda') {
    const call = eventSourceCall(line.method, line.url);
    const resource = arn('lambda', `event-source-mapping:${call?.id}`);
    return call && { service, accessKeyId, action: `lambda:${call.operation}`, resource };
  }
  const operation = String(headers['x-amz-target']).split('.')[1];
  const request = parseJson(body);
  const resource = resourceOf(request);
  if (!accessKeyId || !service || !operation || !resource) return undefined;
  // In SQS a batch needs the permission of its single call.
  const name = service === 'sqs' ? operation.replace(/Batch$/, '') : operation;
  return { service, accessKeyId, action: `${service}:${name}`, resource, ...itemOf(request) };
}

function itemOf(request: unknown): Pick<AwsCall, 'item'> {
  const { Key, Item = Key } = Object(request) as { Key?: AwsCall['item']; Item?: AwsCall['item'] };
  return Item ? { item: Item } : {};
}

/** ARN of the queue, table, secret, delivery stream or event bus that a request names. */
function resourceOf(request: unknown): string | undefined {
  const named = Object(request) as Record<string, unknown>;
  const { QueueUrl, QueueName, TableName, SecretId, DeliveryStreamName, Entries } = named;
  if (typeof QueueUrl === 'string') return arn('sqs', QueueUrl.split('/').at(-1) ?? '');
  if (typeof QueueName === 'string') return arn('sqs', QueueName);
  if (typeof DeliveryStreamName === 'string') return arn('firehose', `deliverystream/${DeliveryStreamName}`);
  // Batches of SQS have entries too, and name their queue.
  if (Array.isArray(Entries)) return busOf(Entries);
  const name = typeof TableName === 'string' ? TableName : SecretId;
  if (typeof name !== 'string') return undefined;
  if (name.startsWith('arn:')) return name;
  return typeof TableName === 'string' ? arn('dynamodb', `table/${name}`) : secretArn(name);
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
