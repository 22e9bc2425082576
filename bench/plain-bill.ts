import type { Assumptions } from '../cli/cost/assumptions.ts';
import { type Bill, billFor } from '../cli/cost/bill.ts';
import { batchesOf, receivedOf, requestsOf, type Traffic } from '../cli/cost/traffic.ts';
import { chunksOf, daysAMonth, gigabyte, kilobyte, secondsAMonth, type Usage } from '../cli/cost/units.ts';
import type { Durations } from './memory.ts';

/** What the plain stack was seen to use. */
interface PlainUse {
  memoryMb: { receiver: number; worker: number };
  durations: Durations;
  /** Calls of AWS by operation, for a request, for a new event, and for one that was handled before. */
  calls: Record<'request' | 'event' | 'duplicate', Record<string, number>>;
  logBytes: LogBytes;
}

/** What its functions and Lambda write for a request, for an event that is handled, and for a batch. */
export type LogBytes = Record<'request' | 'event' | 'batch', number>;

/** CDK's default for the log of a function is two years. */
const logRetentionDays = 731;
/** Powertools' default for an idempotency record is an hour. */
const recordHours = 1;
/** Of a queue: five pollers of Lambda, each of which waits 20 s. */
const idlePolls = (5 * secondsAMonth) / 20;

/**
 * What a month of the plain stack costs, by what was counted and measured of it: the same traffic, rates and prices as the
 * cost model has for the stack. A failed attempt is a claim that is written, and deleted.
 */
export function plainBill(
  { memoryMb, durations, calls, logBytes }: PlainUse,
  traffic: Traffic,
  assumptions: Assumptions,
): Bill {
  const { events, payloadBytes, batch } = traffic;
  const { rates, bytes, logCompression } = assumptions;
  const requests = requestsOf(traffic, assumptions);
  const batches = batchesOf(traffic, assumptions);
  const sends = requests * (calls.request.SendMessage ?? 0) * chunksOf(payloadBytes);
  const receivesAndDeletes = batches * (chunksOf(payloadBytes * batch) + 1);
  const writes =
    events *
    (writesOf(calls.event) + writesOf(calls.duplicate) * rates.duplicates + 2 * rates.failedAttempts);
  const records = (events * bytes.idempotencyRecord * recordHours * 3600) / secondsAMonth / gigabyte;
  const logs =
    (requests * logBytes.request +
      receivedOf(traffic, assumptions) * logBytes.event +
      batches * logBytes.batch) /
    gigabyte;
  const { receiver, worker } = durations;
  const batchMs = worker.batchMs + worker.eventMs * batch;
  const usages: Usage[] = [
    {
      component: 'HTTP API',
      price: 'httpApi',
      units: requests * Math.ceil(payloadBytes / (512 * kilobyte)),
    },
    { component: 'HTTP API', price: 'dataOut', units: (requests * bytes.answer) / gigabyte },
    ...invocations('receiver', memoryMb.receiver, requests, receiver.invocationMs, receiver.initMs),
    { component: 'secret', price: 'secretCalls', units: requests * rates.coldStarts },
    { component: 'SQS', price: 'sqsRequests', units: sends + receivesAndDeletes },
    { component: 'idle polling', price: 'sqsRequests', units: Math.max(0, idlePolls - batches) },
    ...invocations('workers', memoryMb.worker, batches, batchMs, worker.initMs),
    { component: 'idempotency table', price: 'dynamoWrites', units: writes },
    { component: 'idempotency table', price: 'dynamoStorage', units: records },
    { component: 'logs', price: 'logs', units: logs },
    {
      component: 'logs',
      price: 'logStorage',
      units: logs * logCompression * (logRetentionDays / daysAMonth),
    },
    // The one that the receiver counts.
    { component: 'metrics', price: 'metrics', units: 1 },
    { component: 'secret', price: 'secrets', units: 1 },
  ];
  return billFor(usages);

  function invocations(
    component: string,
    memory: number,
    count: number,
    invocationMs: number,
    initMs: number,
  ): Usage[] {
    const seconds = (count * (Math.ceil(invocationMs) + rates.coldStarts * Math.ceil(initMs))) / 1000;
    return [
      { component, price: 'lambdaRequests', units: count },
      { component, price: 'lambdaCompute', units: (seconds * memory) / 1024 },
    ];
  }
}

function writesOf({ PutItem = 0, UpdateItem = 0, DeleteItem = 0 }: Record<string, number>): number {
  return PutItem + UpdateItem + DeleteItem;
}
