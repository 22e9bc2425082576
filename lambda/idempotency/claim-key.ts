import type { SQSRecord } from 'aws-lambda';
import { attributeOf, replayAttribute } from '../queued-event/attributes.ts';
import type { Envelope } from '../zavu/envelope.ts';
import { ownerOf } from '../zavu/owner.ts';

/** The forced replay that a message belongs to; undefined for a message of the receiver's, or of a plain replay. */
export function replayOf(record: SQSRecord): string | undefined {
  return attributeOf(record, replayAttribute) || undefined;
}

/**
 * What a message is claimed by, and what its handler gets as `idempotencyKey`: the event's id and its owner, so that
 * nobody's event is a duplicate of another's (docs/decisions/0026), and in a forced replay that of the run besides.
 * Copies within a run are one, and what a handler calls does not take the run for a repetition of what it did before
 * (docs/decisions/0017).
 */
export function claimKey(event: Envelope, replay: string | undefined): string {
  return [event.id, ownerOf(event), replay].filter(Boolean).join(':');
}
