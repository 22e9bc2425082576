import type { SQSRecord } from 'aws-lambda';
import { attributeOf, reconciledAttribute, resentAttribute } from '../queued-event/attributes.ts';
import type { DeadLetterReason } from '../queued-event/dead-letter.ts';
import { canaryType } from '../routing/canary-event.ts';
import type { Envelope } from '../zavu/envelope.ts';

/** Within which time of its acceptance an event is to be handled (docs/reliability.md). */
const handledWithinMs = 60_000;

/** 0 for an event that was handled in time, 1 for another; undefined for what does not count. */
type Lateness = { late: 0 | 1 | undefined };

/**
 * Whether an event that was handled now was handled late. Its acceptance is when SQS took it. What a person sent again, by
 * a replay or a redrive, does not count: it was accepted long before.
 *
 * @param now in milliseconds since the epoch
 */
export function latenessOf(record: SQSRecord, now: number): Lateness {
  const acceptedAt = Number(record.attributes.SentTimestamp);
  if (!(acceptedAt > 0) || isSentAgain(record)) return { late: undefined };
  return { late: now - acceptedAt > handledWithinMs ? 1 : 0 };
}

/**
 * Whether an event that is dead-lettered counts as late: it does, unless it was handled and counted before
 * (`not_published`), is of the canary, was sent again, or is no event at all.
 */
export function latenessOfDeadLetter(
  record: SQSRecord,
  envelope: Envelope | undefined,
  reason: DeadLetterReason,
): Lateness {
  const counts =
    envelope && envelope.type !== canaryType && reason !== 'not_published' && !isSentAgain(record);
  return { late: counts ? 1 : undefined };
}

/** The console's redrive leaves a dead letter's reason on it. */
function isSentAgain(record: SQSRecord): boolean {
  return [resentAttribute, reconciledAttribute, 'reason'].some(
    (name) => attributeOf(record, name) !== undefined,
  );
}
