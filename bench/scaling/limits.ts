import { quotas } from './quotas.ts';

/** What a stack is set to, and what its functions do for an event. */
export interface Load {
  throttleRate: number;
  /** Invocations of one worker at once. */
  workerMaxConcurrency: number;
  /** Messages that a worker is given at once. */
  batch: number;
  /** How long a batch takes, in seconds, and a request. */
  batchSeconds: number;
  receiverSeconds: number;
  /** Part of the events that goes to the busiest worker. */
  busiestShare: number;
  /** Writes of a new event to the idempotency records, and to the messages table. */
  claimWrites: number;
  messageWrites: number;
  /** What the archive keeps of an event, in bytes; 0 without one. */
  archivedBytes: number;
  /** Whether what was handled is published on the bus. */
  isPublished: boolean;
}

/** A rate of events beyond which something else happens. */
export interface Limit {
  name: string;
  eventsPerSecond: number;
  /** What happens beyond it. */
  beyond: string;
  /** What to change. */
  remedy: string;
}

/** The limits of a stack, the first that is met first. */
export function limitsOf(load: Load): Limit[] {
  const { batch, batchSeconds, receiverSeconds, busiestShare } = load;
  // Every event takes the receiver's time and its part of a batch's. A sandbox has ten requests a second at most,
  // however quick it is, so less than a tenth of a second counts as one.
  const shortest = 1 / quotas.requestsPerExecution.value;
  const executionSeconds = Math.max(receiverSeconds, shortest) + Math.max(batchSeconds, shortest) / batch;
  const limits: Limit[] = [
    {
      name: 'throttle of the stage',
      eventsPerSecond: load.throttleRate,
      beyond: '429, which Zavu tries again',
      remedy: '`throttleRate`',
    },
    {
      name: 'concurrency of the busiest worker',
      eventsPerSecond: (load.workerMaxConcurrency * batch) / batchSeconds / busiestShare,
      beyond: 'events wait in its queue',
      remedy: '`workerMaxConcurrency`, or types to a worker of their own',
    },
    {
      name: 'first throughput of the memory',
      eventsPerSecond: quotas.newTableWritesPerSecond.value / load.claimWrites,
      beyond: 'claims fail, and events back off',
      remedy: 'warm the table, or grow no faster than twofold in 30 minutes',
    },
    {
      name: 'throughput of the memory',
      eventsPerSecond: quotas.tableWritesPerSecond.value / load.claimWrites,
      beyond: 'claims fail, and events back off',
      remedy: 'the quota of the table',
    },
    {
      name: 'requests of the account',
      eventsPerSecond: quotas.apiRequestsPerSecond.value,
      beyond: '429, which Zavu tries again',
      remedy: 'the quota, then the bounds of `throttleRate` in lib/settings/schema.ts',
    },
    {
      name: 'concurrency of the account',
      eventsPerSecond: quotas.concurrentExecutions.value / executionSeconds,
      beyond: 'receiver and workers are refused: Zavu tries again, events wait',
      remedy: 'the quota of concurrent executions',
    },
    ...ofTheMessagesTable(load),
    ...ofTheArchive(load),
    ...ofTheBus(load),
  ];
  return limits.sort((one, other) => one.eventsPerSecond - other.eventsPerSecond);
}

function ofTheMessagesTable({ messageWrites }: Load): Limit[] {
  if (messageWrites === 0) return [];
  return [
    {
      name: 'first throughput of the messages table',
      eventsPerSecond: quotas.newTableWritesPerSecond.value / messageWrites,
      beyond: 'handlers fail, and events back off',
      remedy: 'warm the table, or grow no faster than twofold in 30 minutes',
    },
  ];
}

function ofTheArchive({ archivedBytes }: Load): Limit[] {
  if (archivedBytes === 0) return [];
  const bytesPerSecond = quotas.streamMebibytesPerSecond.value * 1024 ** 2;
  return [
    {
      name: 'stream of the archive',
      eventsPerSecond: Math.min(quotas.streamRequestsPerSecond.value, bytesPerSecond / archivedBytes),
      beyond: 'events are handled and not archived',
      remedy: "the quotas of Firehose's stream",
    },
  ];
}

function ofTheBus({ isPublished }: Load): Limit[] {
  if (!isPublished) return [];
  return [
    {
      name: 'events of the bus',
      eventsPerSecond: quotas.busEventsPerSecond.value,
      beyond: 'publishing fails, and events back off',
      remedy: 'the quota of PutEvents',
    },
  ];
}

/**
 * How many events a second may fail, for as long as they back off, before a queue has as many messages in flight as
 * SQS allows: then it hands out none, new ones neither.
 *
 * @param delaysSeconds waits between attempts
 */
export function failuresPerSecond(delaysSeconds: readonly number[]): number {
  return quotas.messagesInFlight.value / backOffSeconds(delaysSeconds);
}

/**
 * How long events of one queue may fail before none is handed out any more, in seconds.
 *
 * @param perSecond events that fail for the first time, all of whose attempts fail
 * @returns Infinity where messages leave, for the dead-letter queue, before there are too many
 */
export function secondsUntilFull(perSecond: number, delaysSeconds: readonly number[]): number {
  const seconds = quotas.messagesInFlight.value / perSecond;
  return seconds > backOffSeconds(delaysSeconds) ? Number.POSITIVE_INFINITY : seconds;
}

/** How long an event backs off in all. It is in flight meanwhile, but for the moments until it is handed out again. */
function backOffSeconds(delaysSeconds: readonly number[]): number {
  return delaysSeconds.reduce((sum, seconds) => sum + seconds, 0);
}
