import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs in a process of its own, because what is measured is who calls: as much of AWS as the functions need. It
 * keeps claims, so that a duplicate is one, and counts the calls.
 */
export interface LoopbackStart {
  key: string;
  cert: string;
  /** The signing secret's text. */
  secret: string;
  /** How long an answer takes besides, in milliseconds. */
  delayMs: number;
}

type Item = Record<string, unknown>;

let [secret, delayMs] = ['', 0];
let calls: Record<string, number> = {};
const items = new Map<string, Item>();

function answer(operation: string, call: Record<string, unknown>): { status: number; body: object } {
  calls[operation] = (calls[operation] ?? 0) + 1;
  const key = JSON.stringify([call.TableName, Object(call.Key ?? call.Item).id]);
  const known = items.get(key);
  switch (operation) {
    case 'SendMessage': {
      const md5 = createHash('md5').update(String(call.MessageBody)).digest('hex');
      return ok({ MessageId: '5fea7756-0ea4-451a-a703-a558b933e274', MD5OfMessageBody: md5 });
    }
    case 'GetSecretValue':
      return ok({ ARN: call.SecretId, Name: 'secret', SecretString: secret, VersionId: '1' });
    case 'PutItem':
      // Every conditional write of the functions asks for an item that is not there, or has lapsed.
      if (known && call.ConditionExpression) return refusal(known);
      items.set(key, Object(call.Item));
      return ok({});
    case 'UpdateItem':
      items.set(key, { ...known, status: { S: 'COMPLETED' } });
      return ok({});
    case 'GetItem':
      return ok(known ? { Item: known } : {});
    default:
      throw new Error(`The loopback service does not know ${operation}.`);
  }
}

function ok(body: object) {
  return { status: 200, body };
}

function refusal(item: Item) {
  const type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  return { status: 400, body: { __type: type, message: 'The conditional request failed', Item: item } };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const { status, body: json } = answer(operation, JSON.parse(body));
  if (delayMs > 0) await sleep(delayMs);
  // With its length, as AWS's services answer.
  const answered = Buffer.from(JSON.stringify(json));
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': answered.length };
  response.writeHead(status, headers).end(answered);
}

process.on('disconnect', () => process.exit());
process.on('message', (message: LoopbackStart | Pick<LoopbackStart, 'secret'> | 'keep' | 'forget') => {
  if (message === 'keep' || message === 'forget') {
    process.send?.(calls);
    calls = {};
    if (message === 'forget') items.clear();
    return;
  }
  ({ secret } = message);
  if (!('delayMs' in message)) {
    process.send?.('held');
    return;
  }
  ({ delayMs } = message);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch(() => response.destroy());
  };
  const server = createServer(message, listener);
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
});
