import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Envelope } from '../zavu/envelope.ts';
import type { IdempotencyStore } from './store.ts';

/** What an event is about, and which state it reports. */
type ClaimedSubject = Readonly<Record<'kind' | 'id' | 'state', string>>;

/** An event that claims its subject. */
interface ClaimingEvent {
  envelope: Pick<Envelope, 'id' | 'projectId'>;
  /** Whether it was rebuilt of what Zavu's API says. */
  reconciled: boolean;
}

/**
 * The claims of subjects. An original and the event that was rebuilt in its place have different ids, so that the claims of
 * ids let both of them pass.
 */
export interface SubjectClaims {
  /**
   * Claims a subject for an event. The claim stays, whatever becomes of the event: it has its retries and its dead letter.
   *
   * @returns false if another event has claimed it, and one of the two was rebuilt. Two originals do not exclude each other:
   *   a template may be approved twice
   * @throws what DynamoDB's client throws: the event must be tried again later
   */
  claim(subject: ClaimedSubject, claimant: ClaimingEvent, signal: AbortSignal): Promise<boolean>;
}

/**
 * How long after its timestamp an original claims its subject, in milliseconds. Reconcile looks at what happened 6 hours ago
 * (lambda/reconcile/window.ts), and finds in the messages table what was handled sooner. The hours between are for originals
 * that Zavu dates later than its API does, since it has sent them late.
 */
export const lateAfterMs = 3_600_000;

/** How long a claim is kept at least, in days: longer than reconcile looks back. */
export const minClaimDays = 8;

const keyPrefix = 'zavu-subject';
/** Longer ones are digested. A partition key has at most 2,048 bytes. */
const maxKeyLength = 1_024;

/**
 * Whether an event must claim its subject: it was rebuilt, or is so late that it may be rebuilt meanwhile. An event of a
 * forced replay is to be handled again.
 *
 * @param now milliseconds
 */
export function mustClaimSubject(
  {
    envelope,
    reconciled,
    replayed,
  }: { envelope: Pick<Envelope, 'timestamp'>; reconciled: boolean; replayed: boolean },
  now: number,
): boolean {
  return !replayed && (reconciled || now - envelope.timestamp > lateAfterMs);
}

/**
 * Creates the claims of subjects, in the table of the idempotency records.
 *
 * @param clock gives milliseconds
 */
export function createSubjectClaims(
  { client, tableName, expirySeconds }: IdempotencyStore,
  clock: () => number = Date.now,
): SubjectClaims {
  const keptSeconds = Math.max(expirySeconds, minClaimDays * 86_400);
  return {
    async claim(subject, claimant, signal) {
      for (const id of keysOf(subject, claimant)) {
        if (!(await put(client, tableName, id, claimant, clock(), keptSeconds, signal))) return false;
      }
      return true;
    },
  };
}

/**
 * The keys of an event's claims: its project's, and one without a project for a rebuilt event, because its original may name
 * none. An original that names its project does not claim that one: it must exclude nothing of another project.
 */
function keysOf(subject: ClaimedSubject, { envelope, reconciled }: ClaimingEvent): string[] {
  const { projectId = '' } = envelope;
  return reconciled && projectId
    ? [keyOf(subject, projectId), keyOf(subject, '')]
    : [keyOf(subject, projectId)];
}

/** `zavu-subject#<kind>#<id>#<state>#<project>`, each escaped as in a URL; a digest if that is too long or no text. */
export function keyOf({ kind, id, state }: ClaimedSubject, projectId: string): string {
  const parts = [kind, id, state, projectId];
  if (parts.every((part) => part.isWellFormed())) {
    const key = [keyPrefix, ...parts.map(encodeURIComponent)].join('#');
    if (key.length <= maxKeyLength) return key;
  }
  return `${keyPrefix}#sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

/** @returns false if the key is another event's */
async function put(
  client: DynamoDBClient,
  TableName: string,
  id: string,
  { envelope, reconciled }: ClaimingEvent,
  now: number,
  keptSeconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const seconds = Math.floor(now / 1000);
  // DynamoDB deletes what has expired some days late.
  const free = ['attribute_not_exists(id)', 'eventId = :eventId', 'expiration < :now'];
  const values = { ':eventId': envelope.id, ':now': seconds };
  const command = new PutItemCommand({
    TableName,
    Item: marshall({ id, eventId: envelope.id, reconciled, expiration: seconds + keptSeconds }),
    ConditionExpression: (reconciled ? free : [...free, 'reconciled = :no']).join(' OR '),
    ExpressionAttributeValues: marshall(reconciled ? values : { ...values, ':no': false }),
  });
  try {
    await client.send(command, { abortSignal: signal });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
