import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as z from 'zod';

const milliseconds = z.number().nonnegative();
const share = z.number().min(0).max(1);
const count = z.number().nonnegative();

/** How long functions take on AWS: the `billed duration`, in milliseconds. */
const durationsSchema = z.object({
  receiver: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
  /** A batch takes `batchMs`, and `eventMs` more for each of its events: they are handled at the same time. */
  worker: z.object({ initMs: milliseconds, batchMs: milliseconds, eventMs: milliseconds }),
  canary: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
  /** The keeper of pauses. */
  keeper: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
  /** What a request to Zavu's API takes, with what is done with its answer. */
  reconciler: z.object({ initMs: milliseconds, requestMs: milliseconds }),
});

/** The durations that `npm run bench` measures. */
const measuredSchema = durationsSchema.pick({ receiver: true, worker: true });

/** What the cost model needs to know and the template does not say. */
const assumptionsSchema = z.object({
  durations: durationsSchema,
  rates: z.object({
    /** Duplicates: deliveries that bring an event again, as a share of the events. */
    duplicates: share,
    /** Attempts that fail, as a share of the events. */
    failedAttempts: share,
    /**
     * Events that come after a later one of the same message, call or the like, or change an item of a call, an invitation or
     * a broadcast that is there, as a share of those that the messages table records. The `shares` below say 0.03 of the
     * latter. Zavu promises no order, and tells nobody how many come out of order: two in a hundred are assumed.
     */
    lateEvents: share,
    /** Invocations that start an execution environment. AWS says: less than one in a hundred. */
    coldStarts: share,
  }),
  /** The share that each event type has of all events, if a worker handles every type. */
  shares: z.record(z.string(), share),
  /** How many events one item of the messages table sums up. */
  eventsPerItem: z.number().min(1),
  /**
   * Sizes as measured in the local run: a test compares the lines of one with them (test/budgets.test.ts). Items
   * include the 100 bytes that DynamoDB adds, log lines the 26 of CloudWatch.
   */
  bytes: z.object({
    /** An answer with its headers. */
    answer: count,
    /** An idempotency record. */
    idempotencyRecord: count,
    /** An item of the messages table, without content: of a message that was queued, sent, delivered and read. */
    item: count,
    /** API Gateway's line for a request. */
    accessLog: count,
    /** The receiver's line about a request. Lambda itself writes none about what goes well. */
    receiverLogs: count,
    /** The worker's line about an event, and the default handlers' lines by the shares of the types. */
    workerLogs: count,
  }),
  archive: z.object({
    /** How much longer the receiver takes if it archives, in milliseconds. */
    waitMs: milliseconds,
    /** What a record holds besides the event, in bytes. It includes the backslashes before the event's quotes. */
    recordBytes: count,
    /** How many event types come: each is a partition with objects of its own. */
    partitions: count,
    /** Hours of jq that Firehose charges for a GB: 70 hours for 742 GB in the example of its price page. */
    jqHoursPerGigabyte: count,
  }),
  /**
   * How many metrics the metric filters of a name make in each hour of a healthy month: one for each scheme or reason that
   * occurs, and none of what goes wrong. Strangers come, so that some requests are refused. AWS charges a metric by the
   * hours in which it is reported. A name that is not here counts as one.
   */
  reported: z.record(z.string(), count),
  /** Which of them are reported whether any event comes or not. */
  reportedWithoutEvents: z.array(z.string()),
  /** Which of them the canary's own events report, beside those of Zavu. */
  reportedByCanary: z.array(z.string()),
  /** Compressed size of a log byte that CloudWatch stores, as a share of a byte. */
  logCompression: share,
});

export type Assumptions = z.infer<typeof assumptionsSchema>;

const defaultFile = join(import.meta.dirname, 'assumptions.json');
/** There is one in a clone that was measured, and none in the package. */
const measuredFile = join(import.meta.dirname, '../../bench/results.json');

/**
 * Reads `assumptions.json`. If `bench/results.json` is there and has durations, they replace the ones of the former.
 *
 * @param measured the file of measured durations
 * @returns the assumptions, and the files that the durations come from
 * @throws Error if a file has another shape
 */
export function readAssumptions(measured = measuredFile): {
  assumptions: Assumptions;
  durationsFrom: string;
} {
  const assumptions = assumptionsSchema.parse(JSON.parse(readFileSync(defaultFile, 'utf8')));
  const durations = readMeasured(measured);
  return durations
    ? {
        assumptions: { ...assumptions, durations: { ...assumptions.durations, ...durations } },
        durationsFrom: `${pathOf(measured)}, ${pathOf(defaultFile)}`,
      }
    : { assumptions, durationsFrom: pathOf(defaultFile) };
}

function readMeasured(measured: string): z.infer<typeof measuredSchema> | undefined {
  if (!existsSync(measured)) return undefined;
  const results = z.looseObject({ durations: measuredSchema.optional() });
  return results.parse(JSON.parse(readFileSync(measured, 'utf8'))).durations;
}

/** A file as it is called from the current folder, if it is in it. */
function pathOf(file: string): string {
  const path = relative(process.cwd(), file).replaceAll(sep, '/');
  return path.startsWith('../') ? file : path;
}
