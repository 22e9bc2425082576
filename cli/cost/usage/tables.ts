import type { Assumptions } from '../assumptions.ts';
import { type Calls, calls, sumOf } from '../calls.ts';
import { recordedShare } from '../shares.ts';
import type { StackShape } from '../stack-shape.ts';
import type { Traffic } from '../traffic.ts';
import { daysAMonth, gigabyte, kilobyte, type Usage } from '../units.ts';

/** What the idempotency table uses. */
export function idempotencyUsage(
  shape: StackShape,
  { events }: Traffic,
  { rates, bytes }: Assumptions,
): Usage[] {
  const { event, duplicate, failedAttempt, laterAttempt, publication, duplicatePublication } = calls.worker;
  const retry = sumOf(failedAttempt, laterAttempt);
  const perEvent = shape.hasBus ? sumOf(event, publication) : event;
  const perDuplicate = shape.hasBus ? sumOf(duplicate, duplicatePublication) : duplicate;
  const written = (step: Calls) => writesOf(step, 'IdempotencyTable');
  const writes =
    written(perEvent) + written(perDuplicate) * rates.duplicates + written(retry) * rates.failedAttempts;
  const records = events * (shape.hasBus ? 2 : 1) * (shape.idempotencyDays / daysAMonth);
  const stored = (records * bytes.idempotencyRecord) / gigabyte;
  const component = 'idempotency table';
  return [
    // A record is far smaller than the 1 KB of a write unit.
    { component, price: 'dynamoWrites', units: events * writes },
    // The read is consistent, so it takes a whole unit.
    { component, price: 'dynamoReads', units: events * rates.failedAttempts },
    { component, price: 'dynamoStorage', units: stored },
    { component, price: 'dynamoBackup', units: shape.areTablesBackedUp ? stored : 0 },
  ];
}

/** How often a step writes to a table. A write whose condition does not hold counts as well. */
function writesOf(step: Calls, table: string): number {
  return Object.entries(step).reduce(
    (sum, [call, times]) =>
      /:(Put|Update|Delete)Item /.test(call) && call.endsWith(` ${table}`) ? sum + times : sum,
    0,
  );
}

/**
 * What the messages table uses. A write takes a unit for each KB of the item, also if it is refused:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function messagesUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (!shape.messages) return [];
  const { bytes, rates, eventsPerItem } = assumptions;
  const recorded = traffic.events * recordedShare(shape, assumptions);
  const itemBytes = bytes.item + (shape.messages.hasContent ? traffic.payloadBytes : 0);
  const months = shape.messages.retentionDays / daysAMonth;
  const stored = ((recorded / eventsPerItem) * months * itemBytes) / gigabyte;
  const { messages, messagesLate, messagesAgain } = calls.worker;
  const written = (step: Calls) => writesOf(step, 'Messages');
  const writes =
    written(messages) +
    written(messagesLate) * rates.lateEvents +
    written(messagesAgain) * rates.failedAttempts;
  const component = 'messages table';
  return [
    // AWS brings the item with a refusal, so that none is read.
    { component, price: 'dynamoWrites', units: recorded * writes * Math.ceil(itemBytes / kilobyte) },
    { component, price: 'dynamoStorage', units: stored },
    { component, price: 'dynamoBackup', units: shape.areTablesBackedUp ? stored : 0 },
  ];
}
