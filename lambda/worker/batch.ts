import type { SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { isPacked, type QueuedEvent, readQueuedEvent } from '../queued-event/queued-event.ts';
import { failureOf } from './failure.ts';
import { type DuplicateGroup, groupsOf, logDuplicate } from './groups.ts';
import { type InvocationTime, startInvocation } from './invocation.ts';
import { processEvent } from './process-event.ts';
import type { Disposition } from './received-event.ts';
import type { Run } from './runs.ts';
import { isSuspect } from './suspect.ts';
import type { Worker } from './worker.ts';

/** A message that is read when its turn comes, and not before. */
interface Turn {
  run: Run;
  group(): DuplicateGroup;
}

/** What is done with each message of a batch, by its id. */
type Dispositions = Map<string, Disposition>;

/**
 * Creates a worker's Lambda handler: every record has its own outcome, and a record that fails does not fail another
 * one.
 *
 * Failures are reported per record rather than thrown, so the function's error metric counts what a handler cannot
 * cause by throwing: crashes, timeouts, a broken deployment. If no record of a batch can be claimed, or recorded in the
 * messages table, it throws for the same reason: all of them stay in the queue either way, and an alarm must say that a
 * table is unavailable.
 *
 * A message in whose last run the function died is a suspect. Suspects run one by one when all others are finished, so
 * that whatever kills the function again kills no other run, unless there is no time for them again and again. Large
 * events, which are compressed, are unpacked and run one by one beside the others: ten of them at once do not fit into
 * the function's memory (docs/scaling.md).
 */
export function createBatchHandler(worker: Worker): SQSHandler {
  return async ({ Records }, context): Promise<SQSBatchResponse> => {
    for (const step of Object.values(worker.steps)) step?.registerContext(context);
    const invocation = startInvocation(context);
    try {
      return answerTo(await processBatch(worker, Records, invocation.time));
    } finally {
      invocation.end();
    }
  };
}

async function processBatch(
  worker: Worker,
  records: readonly SQSRecord[],
  time: InvocationTime,
): Promise<Dispositions> {
  const dispositions: Dispositions = new Map();
  const settle = async (group: DuplicateGroup, run: Run, isPostponed = false): Promise<void> => {
    const disposition = await processGroup(worker, group, run, time, isPostponed);
    dispositions.set(group.first.record.messageId, disposition);
  };
  const inTurn = async (turns: readonly Turn[]): Promise<void> => {
    for (const { group, run } of turns) {
      // What hangs needs time to show that it does, and must be stopped by its own time-out.
      const isPostponed = time.isHalfOver();
      await settle(group(), run, isPostponed);
    }
  };

  const suspects: Turn[] = [];
  const { limits } = worker.retry;
  const packed = records.filter(isPacked);
  const plain = records.filter((record) => !isPacked(record));
  const unpackInTurn = async (): Promise<void> => {
    const turns = await Promise.all(
      packed.map(async (record) => {
        const group = () => ({ first: readSafely(worker, record), duplicates: [] });
        const run = await worker.runs(record);
        return { run, group, isLast: isSuspect(record, run, limits) };
      }),
    );
    suspects.push(...turns.filter(({ isLast }) => isLast));
    await inTurn(turns.filter(({ isLast }) => !isLast));
  };
  await Promise.all([
    unpackInTurn(),
    ...groupsOf(plain.map((record) => readSafely(worker, record))).map(async (group) => {
      const { record } = group.first;
      const run = await worker.runs(record);
      if (!isSuspect(record, run, limits)) return settle(group, run);
      suspects.push({ run, group: () => group });
    }),
  ]);
  await inTurn(suspects.sort((a, b) => (a.run.count ?? 0) - (b.run.count ?? 0)));
  return dispositions;
}

/** Processes the first message of a group. Whatever is thrown for one message concerns that message alone. */
async function processGroup(
  worker: Worker,
  { first, duplicates }: DuplicateGroup,
  run: Run,
  time: InvocationTime,
  isPostponed: boolean,
): Promise<Disposition> {
  const disposition = await processEvent(worker, first, run, time, isPostponed).catch(
    (error): Disposition => {
      worker.log.error('worker_failed', { worker: worker.name, ...failureOf(error).fields });
      return 'keep';
    },
  );
  // Duplicates in one batch would compete for the claim, and the loser would wait. Whatever became of the first, its
  // event is handled, dead-lettered or still in the queue, so the duplicates can be deleted.
  for (const duplicate of duplicates) logDuplicate(worker, duplicate);
  return disposition;
}

function answerTo(dispositions: Dispositions): SQSBatchResponse {
  const all = [...dispositions];
  const missed = new Set(all.map(([, disposition]) => missedSteps[disposition]));
  if (all.length > 0 && !missed.has(undefined)) {
    throw new Error(`No event of this batch could be ${[...missed].sort().join(' or ')}.`);
  }
  const kept = all.filter(([, disposition]) => disposition !== 'delete');
  return { batchItemFailures: kept.map(([itemIdentifier]) => ({ itemIdentifier })) };
}

/** What could not be done before a handler is run, by what is done with the message then. */
const missedSteps: Partial<Record<Disposition, string>> = {
  keep_unclaimed: 'claimed (the idempotency table is unavailable)',
  keep_unrecorded: 'recorded (the messages table is unavailable)',
};

/** A message that cannot be read without an error counts as one that holds no event. */
function readSafely(worker: Worker, record: SQSRecord): QueuedEvent {
  try {
    return readQueuedEvent(record);
  } catch (error) {
    worker.log.error('worker_failed', { worker: worker.name, ...failureOf(error).fields });
    return { record, envelope: undefined, drift: [], replay: undefined, reconciled: false };
  }
}
