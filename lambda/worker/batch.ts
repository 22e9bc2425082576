import type { SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { claimKey, replayOf } from '../idempotency/claim-key.ts';
import { attributeOf, encodingAttribute, receivedAtAttribute } from '../queued-event/attributes.ts';
import { unpack } from '../queued-event/text.ts';
import { canaryType } from '../routing/canary-event.ts';
import { readEnvelope } from '../zavu/envelope.ts';
import { failureOf } from './failure.ts';
import { processMessage } from './process-event.ts';
import type { Disposition, Message, Worker } from './received-event.ts';
import { maxAttempts } from './retry-decision.ts';
import type { Run } from './runs.ts';
import { isOver } from './unfinished.ts';

/** How long before the function is killed its handlers' `signal` aborts: half of its time, if it has little. */
const abortMarginMs = 1000;

/** After how many receives for each of its runs a suspect is run beside others, as anything else is. */
const mostReceivesOfRun = 20;

/** Messages of one event, of which the first stands for all. */
interface Group {
  first: Message;
  copies: readonly Message[];
}

/** A message that is read when its turn comes, and not before. */
interface Turn {
  run: Run;
  group(): Group;
}

/**
 * Creates a worker's Lambda handler: every record has its own outcome, and none can fail its neighbours.
 *
 * Failures are reported per record rather than thrown, so the function's error metric counts what no handler
 * can answer for: crashes, timeouts, a broken deployment. Where no record of a batch can be claimed it throws, for the
 * same reason: all of them stay in the queue either way, and an alarm must tell that the table is out of reach.
 *
 * A message in whose last run the function died is a suspect. Suspects run one by one when all others are finished, so
 * that whatever kills the function again takes nobody with it, unless there is no time for them again and again. Large
 * events, which are compressed, are unpacked and run one by one beside the others: ten of them at once have no room in
 * the function's memory (docs/scaling.md).
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
    const timer = setTimeout(() => abort.abort(), Math.max(timeLeft / 2, timeLeft - abortMarginMs));
    const time = { remainingTime: () => context.getRemainingTimeInMillis(), signal: abort.signal };

    const dispositions = new Map<string, Disposition>();
    /** Whatever is thrown for one message is that message's alone. */
    const settle = async ({ first, copies }: Group, process: () => Promise<Disposition>): Promise<void> => {
      const disposition = await process().catch((error): Disposition => {
        worker.log.error('worker_failed', { worker: worker.name, ...failureOf(error).fields });
        return 'keep';
      });
      // Copies in one batch would race for the claim and the loser would wait. Whatever became of the
      // first, the event is handled, dead-lettered or still queued, so the copies may go.
      for (const copy of copies) logCopy(worker, copy);
      dispositions.set(first.record.messageId, disposition);
    };

    const inTurn = async (turns: readonly Turn[]): Promise<void> => {
      for (const { group, run } of turns) {
        // What hangs needs time to say so, and is to die of its own time-out.
        const isPostponed = time.remainingTime() < timeLeft / 2;
        const each = group();
        await settle(each, () => processMessage(worker, each.first, run, claimSeconds, time, isPostponed));
      }
    };

    try {
      const suspects: Turn[] = [];
      const packed = Records.filter(isPacked);
      const plain = Records.filter((record) => !isPacked(record));
      const unpackInTurn = async (): Promise<void> => {
        const turns = await Promise.all(
          packed.map(async (record) => {
            const group = () => ({ first: readSafely(worker, record), copies: [] });
            const run = await worker.runs(record);
            return { run, group, isLast: isSuspect(worker, record, run) };
          }),
        );
        suspects.push(...turns.filter(({ isLast }) => isLast));
        await inTurn(turns.filter(({ isLast }) => !isLast));
      };
      await Promise.all([
        unpackInTurn(),
        ...groupsOf(plain.map((record) => readSafely(worker, record))).map(async (group) => {
          const run = await worker.runs(group.first.record);
          if (!isSuspect(worker, group.first.record, run)) {
            return settle(group, () => processMessage(worker, group.first, run, claimSeconds, time));
          }
          suspects.push({ run, group: () => group });
        }),
      ]);
      await inTurn(suspects.sort((a, b) => (a.run.count ?? 0) - (b.run.count ?? 0)));
      if (
        dispositions.size > 0 &&
        [...dispositions.values()].every((disposition) => disposition === 'unclaimed')
      ) {
        throw new Error('No event of this batch could be claimed: the idempotency table is out of reach.');
      }
      const kept = [...dispositions].filter(([, disposition]) => disposition !== 'done');
      return { batchItemFailures: kept.map(([itemIdentifier]) => ({ itemIdentifier })) };
    } finally {
      clearTimeout(timer);
      worker.metrics.publish();
    }
  };
}

/** Whether its function died in its last run, or was killed at its time-out, and it may be run again. */
function isSuspect(worker: Worker, record: SQSRecord, run: Run): boolean {
  return 'count' in run.before && run.before.lost !== undefined && !isOver({ worker, run }) && !isOverdue();

  /** Whether it was put off long enough: if its neighbours are slow each time, it would be so for ever. */
  function isOverdue(): boolean {
    const { limits } = worker.retry;
    const each = Math.max(2, Math.min(mostReceivesOfRun, limits.maxReceives / (maxAttempts(limits) + 1)));
    return Number(record.attributes.ApproximateReceiveCount) > each * (1 + (run.count ?? 0));
  }
}

/** Whether it holds a large event, or one that is no text: whatever has to be unpacked. */
function isPacked(record: SQSRecord): boolean {
  return attributeOf(record, encodingAttribute) !== undefined;
}

function read(record: SQSRecord): Message {
  const text = unpack(record.body, attributeOf(record, encodingAttribute));
  const receivedAt = Number(attributeOf(record, receivedAtAttribute) ?? record.attributes.SentTimestamp);
  const envelope = text === undefined ? undefined : readEnvelope(text, receivedAt || Date.now());
  return { record, envelope: envelope?.event, drift: envelope?.drift ?? [], replay: replayOf(record) };
}

/** What cannot be read without an error is unreadable. */
function readSafely(worker: Worker, record: SQSRecord): Message {
  try {
    return read(record);
  } catch (error) {
    worker.log.error('worker_failed', { worker: worker.name, ...failureOf(error).fields });
    return { record, envelope: undefined, drift: [], replay: undefined };
  }
}

/**
 * Groups a batch by what is claimed. A message without an event id is a group of its own. The one that was received
 * most often stands for its copies: what is known of its runs counts.
 */
function groupsOf(messages: readonly Message[]): Group[] {
  const receives = ({ record }: Message) => Number(record.attributes.ApproximateReceiveCount);
  const groups = Map.groupBy(messages, ({ record, envelope, replay }) => {
    if (!envelope) return `message ${record.messageId}`;
    // What the canary sends is claimed apart, under ids that events may have too.
    return `${envelope.type === canaryType ? 'canary' : 'event'} ${claimKey(envelope, replay)}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [first, ...copies] = group.sort((a, b) => receives(b) - receives(a));
    return first ? [{ first, copies }] : [];
  });
}

function logCopy(worker: Worker, { envelope }: Message): void {
  if (!envelope) return;
  const { id, type } = envelope;
  worker.log.info('event', { outcome: 'duplicate', reason: 'same_batch', worker: worker.name, id, type });
  worker.metrics.count('Duplicates');
}
