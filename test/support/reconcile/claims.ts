import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { claimKey } from '../../../lambda/idempotency/claim-key.ts';
import { createIdempotentStep, type IdempotentStep } from '../../../lambda/idempotency/step.ts';
import { createSubjectClaims, type SubjectClaims } from '../../../lambda/idempotency/subject-claim.ts';
import { claimSubject } from '../../../lambda/worker/claim-subject.ts';
import type { Envelope } from '../../../lambda/zavu/envelope.ts';
import type { Event } from '../../../lambda/zavu/event.ts';

/** Longer than any test lasts: what is claimed stays so. */
const expirySeconds = 30 * 86_400;

/** Without a pause between two of them. */
const maxReceives = 50;

/** An event that a worker is to handle. */
interface TakenEvent {
  envelope: Envelope;
  event: Event;
  reconciled: boolean;
  /** When it is handled, in milliseconds. */
  at: number;
}

/** The claims of the workers, by an event's id and by what it is about, in a table in DynamoDB's emulator. */
export class Claims {
  readonly #handling: IdempotentStep;
  readonly #subjects: SubjectClaims;

  constructor({ client, tableName, clock }: { client: DynamoDBClient; tableName: string; clock(): number }) {
    const store = { client, tableName, expirySeconds };
    this.#handling = createIdempotentStep('handling', store);
    this.#handling.registerContext({ getRemainingTimeInMillis: () => 60_000 } as Context);
    this.#subjects = createSubjectClaims(store, clock);
  }

  /** Tells whether an event is to be handled, in the order of the worker: its id, then its subject. */
  async take({
    envelope,
    event,
    reconciled,
    at,
  }: TakenEvent): Promise<'handled' | 'duplicate' | 'superseded'> {
    const received = {
      worker: { subjects: this.#subjects },
      envelope,
      reconciled,
      replayed: false,
      time: { signal: new AbortController().signal },
    };
    for (let receive = 1; ; receive++) {
      let prevented: Awaited<ReturnType<typeof claimSubject>>;
      const step = await this.#handling.runOnce(claimKey(envelope, undefined), async () => {
        prevented = await claimSubject(received, event, at);
        if (prevented) throw new Error('Nothing may be run.');
      });
      if (prevented?.outcome === 'superseded') return 'superseded';
      if (step.outcome === 'done') return 'handled';
      if (step.outcome === 'duplicate') return 'duplicate';
      // It comes back: the same event may be in the queue twice, and be claimed or given up meanwhile.
      if (receive === maxReceives)
        throw new Error(`An event is ${step.outcome} after ${receive} receives.`, {
          cause: { step, prevented },
        });
    }
  }
}
