import { archiveUsage } from './archive.ts';
import type { Assumptions } from './assumptions.ts';
import { calls, sumOf } from './calls.ts';
import type { StackShape } from './stack-shape.ts';
import { daysAMonth, gigabyte, kilobyte, secondsAMonth, type Traffic, type Usage } from './units.ts';

/**
 * What a month of traffic uses of AWS.
 *
 * @throws Error where a batch is larger than the template's
 */
export function usageOf(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (traffic.batch < 1 || traffic.batch > shape.batchSize) {
    throw new Error(`A batch has between 1 and ${shape.batchSize} messages, the template's batch size.`);
  }
  return [
    ...entrance(shape, traffic, assumptions),
    ...queues(shape, traffic, assumptions),
    ...workers(shape, traffic, assumptions),
    ...memory(shape, traffic, assumptions),
    ...messages(shape, traffic, assumptions),
    ...logs(shape, traffic, assumptions),
    ...traces(shape, traffic, assumptions),
    ...bus(shape, traffic),
    ...archiveUsage(shape, traffic, requestsOf(traffic, assumptions), assumptions),
  ].filter(({ units }) => units > 0);
}

/** Requests that API Gateway and the receiver have. */
function requestsOf({ events }: Traffic, { rates }: Assumptions): number {
  return events * (1 + rates.copies);
}

/** Batches that all workers have. A failed attempt is received once more. */
export function batchesOf({ events, batch }: Traffic, { rates }: Assumptions): number {
  return (events * (1 + rates.copies + rates.failedAttempts)) / batch;
}

function entrance({ receiverMb }: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { durations, rates, bytes } = assumptions;
  const requests = requestsOf(traffic, assumptions);
  // HTTP APIs are charged in steps of 512 KB.
  const steps = Math.ceil(traffic.payloadBytes / (512 * kilobyte));
  const perSecond = requests / secondsAMonth;
  // A sandbox that is busy now and then reads the secret every five minutes.
  const sandboxes = Math.ceil((perSecond * durations.receiver.invocationMs) / 1000);
  const secretCalls = Math.min(requests, (sandboxes * secondsAMonth) / 300 + requests * rates.coldStarts);
  return [
    { component: 'HTTP API', price: 'httpApi', units: requests * steps },
    { component: 'HTTP API', price: 'dataOut', units: (requests * bytes.answer) / gigabyte },
    ...lambda('receiver', receiverMb, requests, durations.receiver, rates.coldStarts),
    { component: 'secret', price: 'secretCalls', units: secretCalls },
  ];
}

function queues(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { payloadBytes, batch, events } = traffic;
  const requests = requestsOf(traffic, assumptions);
  const batches = batchesOf(traffic, assumptions);
  const sends = requests * chunks(payloadBytes);
  const receives = batches * chunks(payloadBytes * batch);
  return [
    {
      component: 'SQS',
      price: 'sqsRequests',
      units: sends + receives + batches + events * assumptions.rates.failedAttempts,
    },
    { component: 'SQS', price: 'sqsFair', units: sends },
    {
      component: 'idle polling',
      price: 'sqsRequests',
      units: shape.workers.reduce(
        (sum, { name }) => sum + Math.max(0, idlePolls - batches * (assumptions.shares[name] ?? 0)),
        0,
      ),
    },
  ];
}

/**
 * Receives of an event source a month where nothing comes: five pollers that wait 20 s each. Fewer pollers are not to
 * be had with `maxConcurrency`. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const idlePolls = (5 * secondsAMonth) / 20;

function workers(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { durations, rates, shares } = assumptions;
  const { initMs, batchMs, eventMs } = durations.worker;
  const times = { initMs, invocationMs: batchMs + eventMs * traffic.batch };
  return shape.workers.flatMap(({ name, memoryMb }) =>
    lambda(
      'workers',
      memoryMb,
      batchesOf(traffic, assumptions) * (shares[name] ?? 0),
      times,
      rates.coldStarts,
    ),
  );
}

/** What a function's invocations use: whole milliseconds, and the starts of its sandboxes (billed since August 2025). */
function lambda(
  component: string,
  memoryMb: number,
  invocations: number,
  { initMs, invocationMs }: { initMs: number; invocationMs: number },
  coldStarts: number,
): Usage[] {
  const seconds = (invocations * (Math.ceil(invocationMs) + coldStarts * Math.ceil(initMs))) / 1000;
  return [
    { component, price: 'lambdaRequests', units: invocations },
    { component, price: 'lambdaCompute', units: (seconds * memoryMb) / 1024 },
  ];
}

function memory(shape: StackShape, { events }: Traffic, { rates, bytes }: Assumptions): Usage[] {
  const { event, duplicate, failedAttempt, laterAttempt, publication, duplicatePublication } = calls.worker;
  const retry = sumOf(failedAttempt, laterAttempt);
  const perEvent = shape.hasBus ? sumOf(event, publication) : event;
  const perCopy = shape.hasBus ? sumOf(duplicate, duplicatePublication) : duplicate;
  const writes =
    writesOf(perEvent) + writesOf(perCopy) * rates.copies + writesOf(retry) * rates.failedAttempts;
  const items = events * (shape.hasBus ? 2 : 1) * (shape.rememberedDays / daysAMonth);
  const stored = (items * bytes.claim) / gigabyte;
  return [
    // An item is far smaller than the 1 KB of a unit.
    { component: 'once-only', price: 'dynamoWrites', units: events * writes },
    // Consistent, so that each takes a whole unit.
    { component: 'once-only', price: 'dynamoReads', units: events * rates.failedAttempts },
    { component: 'once-only', price: 'dynamoStorage', units: stored },
    { component: 'once-only', price: 'dynamoBackup', units: shape.areTablesBackedUp ? stored : 0 },
  ];
}

function writesOf(step: Readonly<Record<string, number>>): number {
  return Object.entries(step).reduce(
    (sum, [call, times]) => (/:(Put|Update|Delete)Item IdempotencyTable$/.test(call) ? sum + times : sum),
    0,
  );
}

function messages(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (!shape.messages) return [];
  const { bytes, shares, eventsPerItem } = assumptions;
  const recorded = shape.workers.reduce(
    (sum, { name, records }) => sum + (records ? traffic.events * (shares[name] ?? 0) : 0),
    0,
  );
  const item = bytes.item + (shape.messages.hasContent ? traffic.payloadBytes : 0);
  const stored = ((recorded / eventsPerItem) * (shape.messages.retentionDays / daysAMonth) * item) / gigabyte;
  return [
    { component: 'messages table', price: 'dynamoWrites', units: recorded * Math.ceil(item / kilobyte) },
    // Half a unit: the read need not be consistent (lambda/messages/items.ts).
    {
      component: 'messages table',
      price: 'dynamoReads',
      units: (recorded * Math.ceil(item / (4 * kilobyte))) / 2,
    },
    { component: 'messages table', price: 'dynamoStorage', units: stored },
    {
      component: 'messages table',
      price: 'dynamoBackup',
      units: shape.areTablesBackedUp ? stored : 0,
    },
  ];
}

function logs(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { bytes, logCompression, rates } = assumptions;
  const requests = requestsOf(traffic, assumptions);
  const ofFunctions =
    requests * bytes.receiverLogs +
    traffic.events * (1 + rates.copies + rates.failedAttempts) * bytes.workerLogs +
    batchesOf(traffic, assumptions) * bytes.batchLogs;
  const all = (ofFunctions + requests * bytes.accessLog) / gigabyte;
  return [
    { component: 'logs', price: 'logs', units: all },
    {
      component: 'logs',
      price: 'logStorage',
      units: all * logCompression * (shape.logRetentionDays / daysAMonth),
    },
  ];
}

/**
 * Lambda records one request a second and 5 percent of the others. A batch with a message of a recorded request is
 * recorded as a trace of its own. https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
function traces({ isTraced }: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (!isTraced) return [];
  const requests = requestsOf(traffic, assumptions);
  const always = Math.min(requests, secondsAMonth);
  const recorded = always + 0.05 * (requests - always);
  const batches = Math.min(batchesOf(traffic, assumptions), recorded);
  return [{ component: 'traces', price: 'traces', units: recorded + batches }];
}

function bus({ hasBus }: StackShape, { events, payloadBytes }: Traffic): Usage[] {
  return hasBus ? [{ component: 'event bus', price: 'busEvents', units: events * chunks(payloadBytes) }] : [];
}

/** SQS and EventBridge charge for every 64 KB of a request. */
function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * kilobyte)));
}
