import { longestLookBackDays } from '../../lambda/reconcile/window.ts';
import { settingsSchema } from '../settings/schema.ts';
import type { Settings } from '../settings/settings.ts';
import type { WorkerOptions } from './options.ts';
import {
  lifeSeconds,
  maxHiddenSeconds,
  minReceives,
  totalOf,
  visibilityTimeoutSeconds,
  type Waiting,
} from './receive-limits.ts';

/** The settings that are compared. */
type Compared = Waiting & Pick<Settings, 'reconcile' | 'messagesTable' | 'messageRetentionDays'>;
type Workers = Readonly<Partial<Record<string, WorkerOptions>>>;

/**
 * Finds settings that are right one by one, but together lose events on AWS without a sign; and options of workers that
 * are beyond the bounds of their settings. Both are compared, because an option takes the place of a setting.
 *
 * Not refused is what only the account knows or what only costs: workers' concurrency together beyond the account's
 * quota, items that expire before a late event.
 *
 * @param workers in what workers differ from the settings
 * @returns a sentence for each, which names the settings or options and says what to do; none if all is well
 */
export function findConflicts(settings: Compared, workers: Workers = {}): string[] {
  const timeouts = [
    { name: 'workerTimeoutSeconds', seconds: settings.workerTimeoutSeconds },
    ...Object.entries(workers).flatMap(([worker, { timeoutSeconds: seconds } = {}]) =>
      seconds === undefined ? [] : [{ name: `workers.${worker}.timeoutSeconds`, seconds }],
    ),
  ];
  return [
    ...Object.entries(workers).flatMap(([worker, options = {}]) => beyondBounds(worker, options)),
    ...timeouts.flatMap((timeout) => [...refusedWait(settings, timeout), ...expiredEvent(settings, timeout)]),
    ...unknownItems(settings),
  ];
}

/** Reconciling answers from the messages table whether an event came: what it does not know, it has handled again. */
function unknownItems({
  reconcile,
  messagesTable,
  messageRetentionDays,
}: Pick<Settings, 'reconcile' | 'messagesTable' | 'messageRetentionDays'>): string[] {
  if (!reconcile) return [];
  if (!messagesTable) {
    return [
      'reconcile is on and messagesTable is off: reconcile asks the messages table whether an event came. Set messagesTable=true, or reconcile=false.',
    ];
  }
  if (messageRetentionDays > longestLookBackDays) return [];
  return [
    `reconcile looks ${longestLookBackDays} days back, and messageRetentionDays is ${messageRetentionDays}: an event whose item is gone would be handled again. Raise messageRetentionDays to ${longestLookBackDays + 1} or more, or set reconcile=false.`,
  ];
}

/** @throws Error with what `findConflicts` finds */
export function refuseConflicts(settings: Compared, workers: Workers = {}): void {
  const conflicts = findConflicts(settings, workers);
  if (conflicts.length === 0) return;
  throw new Error(
    `Settings that do not fit together:\n${conflicts.map((each) => `  ${each}`).join('\n')}\nSet them with -c name=value, or under "zavu" in cdk.json's context; options of workers are given as "workers".`,
  );
}

/** An option of a worker is bounded as the setting whose place it takes. */
function beyondBounds(worker: string, options: WorkerOptions): string[] {
  const { workerMemoryMb, workerTimeoutSeconds, workerMaxConcurrency } = settingsSchema.shape;
  const bounds = {
    memoryMb: workerMemoryMb,
    timeoutSeconds: workerTimeoutSeconds,
    maxConcurrency: workerMaxConcurrency,
  };
  return Object.entries(bounds).flatMap(([name, schema]) => {
    const { error } = schema.safeParse(options[name as keyof typeof bounds]);
    return (error?.issues ?? []).map(({ message }) => `workers.${worker}.${name}: ${message}`);
  });
}

/** The timeout of functions of workers, and the name of what sets it. */
interface Timeout {
  name: string;
  seconds: number;
}

/** A worker hides a message anew up to six timeouts after its receive, and SQS refuses what ends after 12 hours. */
function refusedWait({ retryDelaysSeconds }: Waiting, { name, seconds }: Timeout): string[] {
  const longest = Math.max(...retryDelaysSeconds);
  const maxWait = maxHiddenSeconds - visibilityTimeoutSeconds(seconds);
  if (longest <= maxWait) return [];
  return [
    `retryDelaysSeconds has a wait of ${longest} s, and ${name} is ${seconds}: SQS hides a message for 12 hours (${maxHiddenSeconds} s) at most, counted from its receive, so it would refuse the wait. Lower each wait to ${maxWait} s or less, or lower ${name}.`,
  ];
}

/**
 * SQS deletes a message when its retention ends, counted from the send, in flight or not, and moves nothing to the
 * dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html
 */
function expiredEvent(
  { retryDelaysSeconds, queueRetentionDays }: Waiting,
  { name, seconds }: Timeout,
): string[] {
  const waits = totalOf(retryDelaysSeconds);
  const receives = minReceives(retryDelaysSeconds);
  const life = lifeSeconds({ retryDelaysSeconds }, seconds);
  if (life <= queueRetentionDays * 86_400) return [];
  const attempts = `${receives} receives of up to ${visibilityTimeoutSeconds(seconds)} s (six times ${name})`;
  return [
    `retryDelaysSeconds adds up to ${waits} s; with ${attempts} and an hour in the queue an event can live for ${life} s, and queueRetentionDays is ${queueRetentionDays} (${queueRetentionDays * 86_400} s): SQS would delete it before it is a dead letter, in silence. Shorten retryDelaysSeconds or ${name}, or raise queueRetentionDays.`,
  ];
}
