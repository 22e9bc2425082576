import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { stackOption } from '../deployment.ts';
import { functionLink, logsLink, queueLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';

/** The parts of a worker that its alarms watch. */
interface WatchedWorker {
  name: string;
  /** Ends the names of its alarms: `Inbound`. */
  subject: string;
  function: LambdaFunction;
  queue: IQueue;
  deadLetterQueue: IQueue;
  visibilityTimeout: Duration;
  retryDelaysSeconds: readonly number[];
}

const minutely = { period: Duration.minutes(1), statistic: 'Sum' };
const minutelyHighest = { period: Duration.minutes(1), statistic: 'Maximum' };

/**
 * Watches a worker: what it cannot handle, or cannot keep up with.
 *
 * @param scope of the worker, whose `Monitoring` has the alarms
 * @returns the alarms that roll a gradual deployment back
 */
export function addWorkerAlarms(scope: Construct, worker: WatchedWorker): Alarm[] {
  addDeadLetterAlarms(scope, worker);
  addBacklogAlarm(scope, worker);
  const errors = addFunctionAlarms(scope, worker);
  // Not dead letters: those that are there already would keep out the very deployment that fixes them.
  return [errors];
}

function addDeadLetterAlarms(scope: Construct, { name, subject, deadLetterQueue }: WatchedWorker): void {
  const monitoring = Monitoring.of(scope);
  const common = {
    threshold: 1,
    urgency: 'notice',
    look: queueLink(deadLetterQueue),
    next: `npx zavu-webhooks dead-letters list --worker ${name} ${stackOption(scope)}`,
  } as const;
  monitoring.alarm('DeadLetters', subject, {
    ...common,
    // Not NumberOfMessagesSent, which does not count what a redrive policy moves.
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(minutelyHighest),
    because: 'every dead letter is an event that was not handled, or not published.',
    impact: `Events for the ${name} worker failed for good. Its dead-letter queue deletes them after 14 days: redrive them before.`,
  });
  monitoring.alarm('MoreDeadLetters', subject, {
    ...common,
    metric: moreDeadLetters(deadLetterQueue),
    // Quiet again five minutes after the last, for the next to be told.
    periods: { of: 5, breaching: 1 },
    because:
      'DeadLetters fires at the first and stays in ALARM while one is there; this alarm is for those that come later.',
    impact: `More events for the ${name} worker failed for good. Its dead-letter queue deletes them after 14 days: redrive them before.`,
  });
}

/**
 * By how many dead letters more there are than a minute before. Those in flight count: a redrive takes messages in hand,
 * and what it gives back is no growth.
 *
 * By the minute, as SQS reports: the greatest of both numbers over a longer period may count a message twice, once
 * waiting and once in flight. A minute without a report has no value, and the next one compares with the one before it.
 */
function moreDeadLetters(deadLetterQueue: IQueue): MathExpression {
  return new MathExpression({
    expression: 'DIFF(waiting + inFlight)',
    usingMetrics: {
      waiting: deadLetterQueue.metricApproximateNumberOfMessagesVisible(minutelyHighest),
      inFlight: deadLetterQueue.metricApproximateNumberOfMessagesNotVisible(minutelyHighest),
    },
    label: 'More dead letters than a minute before',
    period: minutelyHighest.period,
  });
}

function addBacklogAlarm(scope: Construct, worker: WatchedWorker): void {
  const { name, subject, queue, visibilityTimeout, retryDelaysSeconds } = worker;
  // SQS leaves a message out of its oldest age once it was received three times, so what backs off counts
  // for the first two waits only.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  const [first = 0, second = 0] = retryDelaysSeconds;
  Monitoring.of(scope).alarm('QueueBacklog', subject, {
    metric: queue.metricApproximateAgeOfOldestMessage(minutelyHighest),
    threshold: first + second + 3 * visibilityTimeout.toSeconds(),
    periods: { of: 3, breaching: 2 },
    because: 'the first two retries and three visibility timeouts take less than this many seconds.',
    impact: `The ${name} worker does not keep up: customers' events wait longer than retries can explain.`,
    urgency: 'page',
    look: queueLink(queue),
    next: tail(worker, '15m'),
  });
}

/** @returns the alarm of the function's errors */
function addFunctionAlarms(scope: Construct, worker: WatchedWorker): Alarm {
  const { name, subject, function: fn } = worker;
  const monitoring = Monitoring.of(scope);
  const errors = monitoring.alarm('WorkerErrors', subject, {
    metric: fn.metricErrors(minutely),
    threshold: 1,
    periods: { of: 3, breaching: 2 },
    because: 'handler errors do not count here. One crash is tolerated.',
    impact: `The ${name} worker crashes, times out, or cannot claim or record its events. They are tried again, and in the end dead-lettered.`,
    urgency: 'notice',
    look: logsLink(fn.logGroup),
    next: tail(worker, '15m'),
  });
  monitoring.alarm('WorkerThrottles', subject, {
    metric: fn.metricThrottles(minutely),
    threshold: 1,
    periods: { of: 5, breaching: 3 },
    because:
      "maxConcurrency keeps a worker below the account's limit, so lasting throttles have another cause.",
    impact: `The account has no concurrency left for the ${name} worker: its events wait, each time for a visibility timeout.`,
    urgency: 'notice',
    look: functionLink(fn),
    next: 'aws lambda get-account-settings',
  });
  return errors;
}

function tail({ function: { logGroup } }: WatchedWorker, since: string): string {
  return `aws logs tail ${logGroup.logGroupName} --since ${since}`;
}
