import type { SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { canaryType } from '../canary/event.ts';
import { readEnvelope } from '../envelope.ts';
import { encodingAttribute, unpack } from '../queued-text.ts';
import { receivedAtAttribute } from '../receiver/queue-message.ts';
import { type Message, processMessage, type Worker } from './message.ts';
import { claimKey, replayOf } from './replay.ts';

/** How long before the function is killed its handlers' `signal` aborts. */
const abortMarginMs = 1000;

/**
 * Creates a worker's Lambda handler: every record has its own outcome, and none can fail its neighbours.
 *
 * Failures are reported per record rather than thrown, so the function's error metric counts what no handler
 * can answer for: crashes, timeouts, a broken deployment.
 */
export function createBatchHandler(worker: Worker): SQSHandler {
  return async ({ Records }, context): Promise<SQSBatchResponse> => {
    worker.handling.registerContext(context);
    worker.canary.registerContext(context);
    worker.publication?.registerContext(context);
    const timeLeft = context.getRemainingTimeInMillis();
    // Whole seconds after which a claim that somebody else holds must have been completed or have lapsed.
    const claimSeconds = Math.ceil(timeLeft / 1000) + 1;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), Math.max(0, timeLeft - abortMarginMs));
    const time = { remainingTime: () => context.getRemainingTimeInMillis(), signal: abort.signal };

    try {
      const kept = await Promise.all(
        copiesByEvent(Records.map(read)).map(async ([first, ...copies]) => {
          const fate = await processMessage(worker, first, claimSeconds, time);
          // Copies in one batch would race for the claim and the loser would wait. Whatever became of the
          // first, the event is handled, set aside or still queued, so the copies may go.
          for (const copy of copies) logCopy(worker, copy);
          return fate === 'keep' ? [first.record.messageId] : [];
        }),
      );
      return { batchItemFailures: kept.flat().map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      clearTimeout(timer);
      worker.metrics.publish();
    }
  };
}

function read(record: SQSRecord): Message {
  const { body, attributes, messageAttributes } = record;
  const text = unpack(body, messageAttributes[encodingAttribute]?.stringValue);
  const receivedAt = Number(messageAttributes[receivedAtAttribute]?.stringValue ?? attributes.SentTimestamp);
  const envelope = text === undefined ? undefined : readEnvelope(text, receivedAt || Date.now());
  return { record, envelope: envelope?.event, drift: envelope?.drift ?? [], replay: replayOf(record) };
}

/** Groups a batch by what is claimed. A message without an event id is a group of its own. */
function copiesByEvent(messages: readonly Message[]): [Message, ...Message[]][] {
  const groups = new Map<string, [Message, ...Message[]]>();
  for (const message of messages) {
    const { record, envelope, replay } = message;
    // What the canary sends is claimed apart, under ids that events may have too.
    const kind = envelope?.type === canaryType ? 'canary' : 'event';
    const key = envelope ? `${kind} ${claimKey(envelope, replay)}` : `message ${record.messageId}`;
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return [...groups.values()];
}

function logCopy(worker: Worker, { envelope }: Message): void {
  if (!envelope) return;
  const { id, type } = envelope;
  worker.log.info('event', { outcome: 'duplicate', reason: 'same_batch', worker: worker.name, id, type });
  worker.metrics.count('Duplicates');
}
