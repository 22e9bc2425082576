import assert from 'node:assert/strict';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { sign } from '../../lambda/zavu/sign.ts';
import { type AwsInMemory, tables } from '../support/aws-in-memory.ts';
import { itemSize, largestItem } from '../support/item-size.ts';
import { receiverInMemory, type Sent } from '../support/receiver-in-memory.ts';
import { marker } from './hostile-values.ts';

const secret = 'whsec_passage_9f3a2b1c';
/** Words of it are enough. */
const secretWords = marker.slice(0, 19);

/** Hands an event's text, signed, to the receiver. Gives what it puts into which queue, and what it logs. */
export async function receive(text: string): Promise<Sent & { lines: readonly string[] }> {
  const { handle, lines, sent } = receiverInMemory([{ secret }], {
    maxEventBytes,
    hasCanary: false,
    answerWithinMs: 60_000,
  });
  const signature = sign(text, secret, 'v2', Math.floor(Date.now() / 1000));
  const answer = await handle({ headers: { 'x-zavu-signature': signature }, body: text });
  assert.equal(answer.statusCode, 200, 'A signed event was refused.');
  const [only, ...more] = sent;
  assert.ok(only && more.length === 0, 'It was not sent once.');
  assert.match(only.body, /^[\t\n\r -\ufffd]+$/);
  assert.ok(only.body.isWellFormed());
  assert.ok(Buffer.byteLength(only.body) <= maxEventBytes);
  return { ...only, lines };
}

/**
 * Hands a batch to a worker, and judges what it does: every event of it is handled, or dead-lettered by its handler's own
 * word. What it stores, counts and logs is within bounds.
 *
 * @returns how many events were handled
 */
export async function work(handler: SQSHandler, aws: AwsInMemory, Records: SQSRecord[]): Promise<number> {
  const context = {
    getRemainingTimeInMillis: () => 10_000,
    awsRequestId: 'request_1',
    functionName: 'worker',
  } as Context;
  const answer = (await handler({ Records } as SQSEvent, context, () => undefined)) as SQSBatchResponse;
  const lines = aws.lines.flatMap((chunk) => chunk.split('\n').filter(Boolean));
  const logged = lines.map(judgeLine);
  const events = logged.filter(({ message }) => message === 'event');
  const handled = events.filter(({ outcome }) => outcome === 'handled').length;

  assert.deepEqual(answer.batchItemFailures, [], `An event goes back to its queue: ${lines.join('')}`);
  const reasons = aws.sqs.map(({ command, input }) => {
    assert.equal(command, 'SendMessageCommand');
    const { reason }: Record<string, { StringValue?: string }> = Object(input.MessageAttributes);
    return reason?.StringValue;
  });
  for (const reason of reasons) assert.equal(reason, 'permanent_failure', 'No handler said so.');
  assert.equal(handled + reasons.length, Records.length, 'An event has no outcome.');
  for (const { table, item } of aws.put) judgeItem(table, item);
  for (const line of logged) if ('_aws' in line) judgeMetrics(line);
  return handled;
}

/** A line is JSON, short, and holds no text. */
export function judgeLine(line: string): Record<string, unknown> {
  assert.ok(line.length <= 8_192, `A line has ${line.length} characters: ${line.slice(0, 200)}`);
  assert.match(line, /^[ -~]*$/, `A line has other characters than ASCII's: ${line.slice(0, 500)}`);
  assert.ok(!line.includes(secretWords), `A line shows a text: ${line.slice(0, 1_000)}`);
  assert.ok(!line.includes('+56 9'), `A line shows a telephone number: ${line.slice(0, 1_000)}`);
  const json: unknown = JSON.parse(line);
  assert.ok(typeof json === 'object' && json !== null && !Array.isArray(json));
  return { ...json };
}

/**
 * An item is within DynamoDB's bounds. One of messages goes within the retention of a day, and not in the past, where
 * DynamoDB might keep it for ever.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function judgeItem(table: string, item: Record<string, AttributeValue>): void {
  assert.ok(itemSize(item) <= largestItem, `An item of ${table} has ${itemSize(item)} bytes.`);
  for (const [name, most] of [
    ['id', 2_048],
    ['owner', 1_024],
  ] as const) {
    const { S = name }: { S?: string } = Object(item[name]);
    assert.ok(S.length > 0 && Buffer.byteLength(S) <= most, `A key of ${table} is too long.`);
  }
  if (table !== tables.messages) return;
  const { expiresAt, updatedAt } = item;
  const days = (Number(expiresAt?.N) - Date.now() / 1000) / 86_400;
  assert.ok(days > -1 && days < 3, `An item goes in ${days} days.`);
  assert.ok(Number.isSafeInteger(Number(updatedAt?.N)) && Number(updatedAt?.N) > 0);
  for (const text of textsOf(item)) assert.ok(text.isWellFormed(), 'DynamoDB takes Unicode alone.');
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* textsOf(part);
}

/**
 * Values of CloudWatch's metrics, which are never negative here, and times within a chart.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
function judgeMetrics({ _aws, ...values }: Record<string, unknown>): void {
  const {
    CloudWatchMetrics = [],
    Timestamp,
  }: { CloudWatchMetrics?: { Metrics: { Name: string }[] }[]; Timestamp?: number } = Object(_aws);
  assert.ok(Math.abs(Number(Timestamp) - Date.now()) < 3_600_000);
  const names = CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  assert.ok(names.length > 0);
  for (const name of names) {
    const list = [values[name]].flat();
    assert.ok(list.length > 0 && list.length <= 100, `${name} has ${list.length} values.`);
    for (const value of list)
      assert.ok(typeof value === 'number' && value >= 0 && value <= 2 ** 60, `${name} is ${value}.`);
  }
}
