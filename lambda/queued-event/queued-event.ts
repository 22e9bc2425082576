import type { SQSRecord } from 'aws-lambda';
import { type Envelope, readEnvelope } from '../zavu/envelope.ts';
import {
  attributeOf,
  encodingAttribute,
  receivedAtAttribute,
  reconciledAttribute,
  replayAttribute,
} from './attributes.ts';
import { unpack } from './text.ts';

/** An event in a worker's queue: the message that holds it, and what was read from that. */
export interface QueuedEvent {
  record: SQSRecord;
  /** Undefined if no event can be read from the message. */
  envelope: Envelope | undefined;
  /** Paths of the envelope that are not as documented. */
  drift: readonly string[];
  /** The forced replay that the message belongs to; undefined for a message of the receiver, or of a plain replay. */
  replay: string | undefined;
  /** Whether its event was rebuilt of what Zavu's API says. */
  reconciled: boolean;
}

/** Reads the event that a message holds. */
export function readQueuedEvent(record: SQSRecord): QueuedEvent {
  const text = unpack(record.body, attributeOf(record, encodingAttribute));
  const receivedAt = Number(attributeOf(record, receivedAtAttribute) ?? record.attributes.SentTimestamp);
  const read = text === undefined ? undefined : readEnvelope(text, receivedAt || Date.now());
  return {
    record,
    envelope: read?.event,
    drift: read?.drift ?? [],
    replay: attributeOf(record, replayAttribute) || undefined,
    reconciled: attributeOf(record, reconciledAttribute) !== undefined,
  };
}

/** Whether a message must be unpacked: its event is large, or not text. */
export function isPacked(record: SQSRecord): boolean {
  return attributeOf(record, encodingAttribute) !== undefined;
}
