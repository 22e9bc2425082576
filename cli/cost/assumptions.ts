import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { workerNames } from '../../lambda/routing/routes.ts';

const milliseconds = z.number().nonnegative();
const share = z.number().min(0).max(1);
const count = z.number().nonnegative();

/** How long functions take on AWS, in milliseconds: what `billed duration` says there. */
const durationsSchema = z.object({
  receiver: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
  /** A batch takes `batchMs`, and `eventMs` for each of its events: they are handled at the same time. */
  worker: z.object({ initMs: milliseconds, batchMs: milliseconds, eventMs: milliseconds }),
  canary: z.object({ initMs: milliseconds, invocationMs: milliseconds }),
});

/** What `npm run bench` measures of them. */
const measuredSchema = durationsSchema.pick({ receiver: true, worker: true });

/** What the template does not say. */
const assumptionsSchema = z.object({
  durations: durationsSchema,
  rates: z.object({
    /** Deliveries that bring an event again, by events. */
    copies: share,
    /** Attempts that fail, by events. */
    failedAttempts: share,
    /** Invocations that start a sandbox. AWS speaks of less than one in a hundred. */
    coldStarts: share,
  }),
  /** Which part of the events goes to each worker. */
  shares: z.record(z.string(), share),
  /** Events that one item of the messages table sums up. */
  eventsPerItem: z.number().min(1),
  /** Sizes, as the local stack has them; of items with the 100 bytes that DynamoDB adds, of log lines with 26. */
  bytes: z.object({
    /** An answer with its headers. */
    answer: count,
    /** An item in the idempotency records. */
    claim: count,
    /** One in the messages table, without content. */
    item: count,
    /** API Gateway's line for a request. */
    accessLog: count,
    /** The receiver's line, and the three of Lambda's own for an invocation. */
    receiverLogs: count,
    /** A worker's line and its handler's for an event. */
    workerLogs: count,
    /** A batch's line of metrics, and Lambda's own. */
    batchLogs: count,
  }),
  archive: z.object({
    /** How much longer the receiver takes where it archives, in milliseconds. */
    waitMs: milliseconds,
    /** What a record holds besides the event, with the escapes of its quotes, in bytes. */
    recordBytes: count,
    /** Event types that do come: each is a partition, and has its objects. */
    partitions: count,
    /** How long Firehose's jq takes for a GB: 70 hours for 742 GB in the example of its price page. */
    jqHoursPerGigabyte: count,
  }),
  /** How many metrics a metric filter with dimensions makes: schemes and reasons that do occur. */
  metricsByDimension: z.record(z.string(), count),
  /** `Handled`, `Duplicates`, `Retries`, `EndToEnd` (lambda/worker/metrics.ts). */
  metricsPerWorker: count,
  /** What CloudWatch makes of a byte that it stores. */
  logCompression: share,
});

export type Assumptions = z.infer<typeof assumptionsSchema>;

const root = join(import.meta.dirname, '../..');
const defaultFile = 'cli/cost/assumptions.json';
const measuredFile = 'bench/results.json';

/**
 * What the template does not say: `cli/cost/assumptions.json`, with the durations of `bench/results.json` where
 * that has any.
 *
 * @param measured the file of measured durations
 * @returns the assumptions, and the files that the durations are from
 * @throws Error where a file does not fit, or the shares of the workers do not add up to 1
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
