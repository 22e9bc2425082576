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
  const writes =
    writesOf(perEvent) + writesOf(perDuplicate) * rates.duplicates + writesOf(retry) * rates.failedAttempts;
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

function writesOf(step: Calls): number {
  return Object.entries(step).reduce(
    (sum, [call, times]) => (/:(Put|Update|Delete)Item IdempotencyTable$/.test(call) ? sum + times : sum),
    0,
  );
}

/** What the messages table uses. */
export function messagesUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (!shape.messages) return [];
  const { bytes, rates, eventsPerItem } = assumptions;
  const recorded = traffic.events * recordedShare(shape, assumptions);
  const itemBytes = bytes.item + (shape.messages.hasContent ? traffic.payloadBytes : 0);
  const months = shape.messages.retentionDays / daysAMonth;
  const stored = ((recorded / eventsPerItem) * months * itemBytes) / gigabyte;
  // Half a unit for 4 KB: the read need not be consistent (lambda/messages/items.ts).
  const reads = (recorded * (1 + rates.failedAttempts) * Math.ceil(itemBytes / (4 * kilobyte))) / 2;
  const component = 'messages table';
  return [
    { component, price: 'dynamoWrites', units: recorded * Math.ceil(itemBytes / kilobyte) },
    { component, price: 'dynamoReads', units: reads },
    { component, price: 'dynamoStorage', units: stored },
    { component, price: 'dynamoBackup', units: shape.areTablesBackedUp ? stored : 0 },
  ];
}
