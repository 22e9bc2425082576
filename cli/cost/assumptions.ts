import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { workerNames } from '../../lambda/routing/routes.ts';

const milliseconds = z.number().nonnegative();
const share = z.number().min(0).max(1);
const count = z.number().nonnegative();

/** How long functions take on AWS: the `billed duration`, in milliseconds. */
const durationsSchema = z.object({
  receiver: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
  /** A batch takes `batchMs`, and `eventMs` more for each of its events: they are handled at the same time. */
  worker: z.object({ initMs: milliseconds, batchMs: milliseconds, eventMs: milliseconds }),
  canary: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
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
    /** Invocations that start an execution environment. AWS says: less than one in a hundred. */
    coldStarts: share,
  }),
  /** The share of the events that goes to each worker. */
  shares: z.record(z.string(), share),
  /** How many events one item of the messages table sums up. */
  eventsPerItem: z.number().min(1),
  /** Sizes as measured in the local run. Items include the 100 bytes that DynamoDB adds, log lines the 26 of CloudWatch. */
  bytes: z.object({
    /** An answer with its headers. */
    answer: count,
    /** An idempotency record. */
    idempotencyRecord: count,
    /** An item of the messages table, without content. */
    item: count,
    /** API Gateway's line for a request. */
    accessLog: count,
    /** The receiver's line, and Lambda's own three lines for an invocation. */
    receiverLogs: count,
    /** The worker's line and the handler's line for an event. */
    workerLogs: count,
    /** A batch's line of metrics, and Lambda's own lines. */
    batchLogs: count,
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
  /** How many metrics a metric filter with dimensions makes: one for each scheme or reason that occurs. */
  metricsByDimension: z.record(z.string(), count),
  /** `Handled`, `Duplicates`, `Retries`, `EndToEnd` (lambda/worker/metrics.ts). */
  metricsPerWorker: count,
  /** Compressed size of a log byte that CloudWatch stores, as a share of a byte. */
  logCompression: share,
});

export type Assumptions = z.infer<typeof assumptionsSchema>;

const root = join(import.meta.dirname, '../..');
const defaultFile = 'cli/cost/assumptions.json';
const measuredFile = 'bench/results.json';

/**
 * Reads `cli/cost/assumptions.json`. If `bench/results.json` has durations, they replace the ones there.
 *
 * @param measured the file of measured durations
 * @returns the assumptions, and the files that the durations come from
 * @throws Error if a file has another shape, or if the shares of the workers do not add up to 1
 */
export function readAssumptions(measured = measuredFile): {
  assumptions: Assumptions;
  durationsFrom: string;
} {
  const assumptions = assumptionsSchema.parse(JSON.parse(readFileSync(join(root, defaultFile), 'utf8')));
  const sum = workerNames.reduce((total, name) => total + (assumptions.shares[name] ?? 0), 0);
  if (Math.abs(sum - 1) > 1e-9) {
    throw new Error(`${defaultFile}: the shares of ${workerNames.join(', ')} must add up to 1, not ${sum}.`);
  }
  const durations = readMeasured(measured);
  return durations
    ? {
        assumptions: { ...assumptions, durations: { ...assumptions.durations, ...durations } },
        durationsFrom: `${measured}, ${defaultFile}`,
      }
    : { assumptions, durationsFrom: defaultFile };
}

function readMeasured(measured: string): z.infer<typeof measuredSchema> | undefined {
  const file = resolve(root, measured);
  if (!existsSync(file)) return undefined;
  const results = z.looseObject({ durations: measuredSchema.optional() });
  return results.parse(JSON.parse(readFileSync(file, 'utf8'))).durations;
}
