import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { functionLink, logsLink, queueLink } from '../monitoring/console-link.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import type { Worker } from './worker.ts';

/**
 * Watches a worker: what it cannot handle, cannot keep up with, or does not expect.
 *
 * @param oldestSeconds how long an event may wait in the queue before something is wrong
 * @returns the alarms that tell of a version that should not have been deployed
 */
export function addWorkerAlarms(worker: Worker, monitoring: Monitoring, oldestSeconds: number): Alarm[] {
  const subject = worker.node.id;
  const ofStage = `--worker ${worker.name} --stage ${monitoring.stage}`;
  const logs = logsLink(worker.function.logGroup);
  const minutely = { period: Duration.minutes(1), statistic: 'Sum' };
  monitoring.alarm('DeadLetters', subject, {
    // Not NumberOfMessagesSent, which does not count what a redrive policy moves.
    metric: worker.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    }),
    threshold: 1,
    because: 'every dead letter is an event that was not handled, or not published.',
    impact: `Events for the ${worker.name} worker failed for good, and rest until somebody redrives them.`,
    urgency: 'notice',
    look: queueLink(worker.deadLetterQueue),
    next: `npm run dead-letters -- list ${ofStage}`,
  });
  monitoring.alarm('MoreDeadLetters', subject, {
    metric: moreDeadLetters(worker),
    threshold: 1,
    // Quiet again five minutes after the last, for the next to be told.
    periods: { of: 5, breaching: 1 },
    because:
      'DeadLetters fires at the first and stays while one is there; this is for those that come after.',
    impact: `More events for the ${worker.name} worker failed for good, and rest until somebody redrives them.`,
    urgency: 'notice',
    look: queueLink(worker.deadLetterQueue),
    next: `npm run dead-letters -- list ${ofStage}`,
  });
  monitoring.alarm('QueueBacklog', subject, {
    metric: worker.queue.metricApproximateAgeOfOldestMessage({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    }),
    threshold: oldestSeconds,
    periods: { of: 3, breaching: 2 },
    because: 'the first two retries and three visibility timeouts explain less than this many seconds.',
    impact: `The ${worker.name} worker does not keep up: customers' events wait longer than any retry explains.`,
    urgency: 'page',
    look: queueLink(worker.queue),
    next: `aws logs tail ${worker.function.logGroup.logGroupName} --since 15m`,
  });
  const errors = monitoring.alarm('WorkerErrors', subject, {
    metric: worker.function.metricErrors(minutely),
    threshold: 1,
    periods: { of: 3, breaching: 2 },
    because: "a handler's failure is no error here, so a healthy worker has none; one crash may pass.",
    impact: `The ${worker.name} worker crashes, times out, or cannot claim its events; they are tried again, and in the end dead-lettered.`,
    urgency: 'notice',
    look: logs,
    next: `aws logs tail ${worker.function.logGroup.logGroupName} --since 15m`,
  });
  monitoring.alarm('WorkerThrottles', subject, {
    metric: worker.function.metricThrottles(minutely),
    threshold: 1,
    periods: { of: 5, breaching: 3 },
    because:
      "maxConcurrency keeps a worker below the account's limit; throttles that last come from elsewhere.",
    impact: `The account has no room for the ${worker.name} worker: its events wait, each time for a visibility timeout.`,
    urgency: 'notice',
    look: functionLink(worker.function),
    next: 'aws lambda get-account-settings',
  });
  const drifted = { message: 'drift' };
  monitoring.count('SchemaDriftByPath', worker.function.logGroup, drifted, {
    dimensions: { Type: 'type', Path: 'path' },
  });
  monitoring.alarm('SchemaDrift', subject, {
    metric: monitoring.count(`SchemaDrift${subject}`, worker.function.logGroup, drifted),
    threshold: 1,
    because: 'the catalogue and the envelope fit everything that Zavu is known to send.',
    impact: `Zavu sends events to the ${worker.name} worker that differ from what is documented: its handlers may miss a field.`,
    urgency: 'notice',
    look: logs,
    next: `aws logs tail ${worker.function.logGroup.logGroupName} --since 1h --filter-pattern '{ $.message = "drift" }'`,
  });
  // Not dead letters: those that are there already would keep their own remedy from being deployed.
  return [errors];
}

/**
 * By how many dead letters more there are than a minute before. Those in flight count: a redrive takes messages in hand,
 * and what it gives back is no growth.
 *
 * By the minute, as SQS reports: the greatest of both numbers over a longer period may count a message twice, once
 * waiting and once in flight. A minute without a report has no value, and the next one compares with the one before it.
 */
function moreDeadLetters({ deadLetterQueue }: Worker): MathExpression {
  const each = { period: Duration.minutes(1), statistic: 'Maximum' };
  return new MathExpression({
    expression: 'DIFF(waiting + inFlight)',
    usingMetrics: {
      waiting: deadLetterQueue.metricApproximateNumberOfMessagesVisible(each),
      inFlight: deadLetterQueue.metricApproximateNumberOfMessagesNotVisible(each),
    },
    label: 'More dead letters than a minute before',
    period: each.period,
  });
}
