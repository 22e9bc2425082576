import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import { shortestLadder, zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { functionLink, logsLink, queueLink } from '../monitoring/console-link.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import type { Settings } from '../settings/settings.ts';
import type { Receiver } from './receiver.ts';

/** What a page has to beat, for its text. */
const untilGone = `Zavu gives an event up after ${shortestLadder.text}; then it is lost.`;

/**
 * Watches a receiver: what keeps webhooks out, and what comes that nobody handles.
 *
 * @returns the alarms that tell of a version that should not have been deployed
 */
export function addReceiverAlarms(
  receiver: Receiver,
  monitoring: Monitoring,
  { noTrafficAlarmHours, throttleRate }: Settings,
): Alarm[] {
  const logs = receiver.function.logGroup;
  const tail = `aws logs tail ${logs.logGroupName} --since 15m`;
  const minutely = { period: Duration.minutes(1), statistic: 'Sum' };
  const twoOfThree = { of: 3, breaching: 2 };
  // By which scheme requests are proved, and why they are refused: three metrics, and seven at most.
  // What was refused has a scheme, too, where its signature was good: it does not count for how senders sign.
  const taken = { scheme: '*', outcome: { not: 'rejected' } };
  monitoring.count('Verified', logs, taken, { dimensions: { Scheme: 'scheme' } });
  monitoring.count('Rejected', logs, { outcome: 'rejected' }, { dimensions: { Reason: 'reason' } });
  // On the dashboard alone: claims keep them apart.
  monitoring.count('SharedIds', logs, { message: 'shared_id' });
  monitoring.alarm('UnreadableEvents', '', {
    metric: monitoring
      .count('Unreadable', logs, { outcome: 'unrouted', reason: 'unreadable' })
      .with({ period: Duration.minutes(1) }),
    threshold: 1,
    // Quiet again a quarter of an hour after the last, for the next to be told.
    periods: { of: 15, breaching: 1 },
    because: 'Zavu signs nothing but events: one without a type means that it sends them in another form.',
    impact:
      'Zavu signs what no type can be read from. It is kept in the unrouted queue, and nobody handles it: customers get no answer.',
    urgency: 'page',
    look: logsLink(logs),
    next: `npm run unrouted -- list --stage ${monitoring.stage}`,
  });
  monitoring.alarm('UnroutedEvents', '', {
    metric: receiver.unroutedQueue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    threshold: 1,
    because:
      'an unrouted event waits for a handler that nobody has written, or for somebody to say whose it is.',
    impact: 'Zavu sends events that no worker may handle as they are. They are kept for 14 days, then lost.',
    urgency: 'notice',
    look: queueLink(receiver.unroutedQueue),
    next: `npm run unrouted -- list --stage ${monitoring.stage}`,
  });
  const unavailable = monitoring.alarm('ReceiverUnavailable', '', {
    metric: monitoring.count('Unavailable', logs, { outcome: 'unavailable' }).with(minutely),
    threshold: 1,
    periods: twoOfThree,
    because: 'a 503 is a call of ours that failed twice; one minute of them may pass.',
    impact: `Webhooks are answered 503. ${untilGone}`,
    urgency: 'page',
    look: logsLink(logs),
    next: tail,
  });
  monitoring.alarm('SecretUnreadable', '', {
    metric: monitoring
      .count('SecretFetchFailed', logs, { message: 'secret_fetch_failed' })
      .with({ period: Duration.minutes(5) }),
    threshold: 1,
    periods: twoOfThree,
    because: 'each environment reads the list every 5 minutes; one that fails may be an accident of AWS.',
    impact: `The signing secrets cannot be read. Environments that start answer 503, the others within the hour. ${untilGone}`,
    urgency: 'page',
    look: logsLink(logs),
    next: `npm run secrets -- list --stage ${monitoring.stage}`,
  });
  const errors = monitoring.alarm('ReceiverErrors', '', {
    metric: receiver.function.metricErrors(minutely),
    threshold: 1,
    periods: twoOfThree,
    because: 'the receiver answers every request; it crashes only where it does not start.',
    impact: `The receiver crashes or times out. ${untilGone}`,
    urgency: 'page',
    look: logsLink(logs),
    next: tail,
  });
  monitoring.alarm('ReceiverThrottles', '', {
    metric: receiver.function.metricThrottles(minutely),
    threshold: 1,
    periods: twoOfThree,
    because: 'the receiver has no limit of its own, so the account has reached its.',
    impact: `Webhooks are refused for want of concurrency. ${untilGone}`,
    urgency: 'page',
    look: functionLink(receiver.function),
    next: 'aws lambda get-account-settings',
  });
  monitoring.alarm('ReceiverServerErrors', '', {
    metric: receiver.api.metricServerError(minutely),
    threshold: 5,
    periods: twoOfThree,
    because: 'single ones are retried by Zavu within a minute; five a minute are no accident.',
    impact: `API Gateway answers 5xx, whatever the reason. ${untilGone}`,
    urgency: 'page',
    look: logsLink(receiver.accessLogs),
    next: `aws logs tail ${receiver.accessLogs.logGroupName} --since 15m --filter-pattern '{ $.status = "5*" }'`,
  });
  monitoring.alarm('ReceiverSlow', '', {
    metric: receiver.function.metricDuration({ period: Duration.minutes(5), statistic: 'p99' }),
    threshold: 3_000,
    periods: twoOfThree,
    because: `Zavu waits ${zavuWaitsMs / 1000} s, and the receiver gives up after 3.5; a healthy one takes milliseconds.`,
    impact: `Answers come close to the ${zavuWaitsMs / 1000} s that Zavu waits: after that, Zavu sends the event again, although it was taken.`,
    urgency: 'notice',
    look: functionLink(receiver.function),
    next: tail,
  });
  monitoring.alarm('StageThrottled', '', {
    metric: beyondThrottle(receiver, monitoring, throttleRate),
    threshold: 1,
    periods: twoOfThree,
    because: 'Zavu sends again what a short burst pushed out; two minutes at the limit are no burst.',
    impact: `As many requests come as throttleRate lets in, or more: Zavu's are refused among them. ${untilGone}`,
    urgency: 'page',
    look: logsLink(receiver.accessLogs),
    next: `aws logs tail ${receiver.accessLogs.logGroupName} --since 5m --filter-pattern '{ $.status = "429" }'`,
  });
  monitoring.alarm('SignedRefused', '', {
    metric: monitoring
      .count('SignedRefused', logs, [
        // The scheme is there once it has proved the request.
        { outcome: 'rejected', scheme: '*' },
        // Freshness is judged after the signature (lambda/zavu/signature.ts), and says no scheme.
        { outcome: 'rejected', reason: 'stale_signature' },
      ])
      .with({ period: Duration.minutes(5), statistic: 'Sum' }),
    threshold: 1,
    // Zavu's first three retries come within the quarter of an hour after one another: they are one incident.
    periods: { of: 3, breaching: 1 },
    because: 'no stranger can sign, so each is an event of a customer that is refused.',
    impact: `Events that Zavu signed are refused: for their size, their age, or a secret's binding. ${untilGone}`,
    urgency: 'page',
    look: logsLink(logs),
    next: `${tail} --filter-pattern '{ $.outcome = "rejected" }'`,
  });
  monitoring.alarm('RejectedSignatures', '', {
    metric: monitoring
      .count('InvalidSignatures', logs, { outcome: 'rejected', reason: 'invalid_signature' })
      .with({ period: Duration.minutes(5) }),
    threshold: 20,
    periods: twoOfThree,
    because: 'twenty in five minutes, twice: a sender whose secret is not stored, or a stranger who tries.',
    impact: `Requests match no stored secret. If a secret was rotated, its sender's events are refused. ${untilGone}`,
    // Anybody can send forty of them.
    urgency: 'notice',
    look: logsLink(logs),
    next: `npm run secrets -- list --stage ${monitoring.stage}`,
  });
  const ofDeployments = [unavailable, errors];
  if (!noTrafficAlarmHours) return ofDeployments;
  // A line has an id once its event was taken. What the canary sends says nothing of Zavu.
  const ofZavu = { id: '*', type: { not: canaryType } };
  const received = monitoring
    .count('Received', logs, ofZavu, { isSparse: true })
    .with({ period: Duration.hours(1) });
  monitoring.heartbeat('NothingReceived', {
    begun: received,
    metric: received,
    threshold: 1,
    periods: { of: noTrafficAlarmHours, breaching: noTrafficAlarmHours },
    because: `noTrafficAlarmHours says that there is never nothing for ${noTrafficAlarmHours} h.`,
    impact: 'Zavu sends nothing: its webhook is switched off, or points elsewhere. What it drops is lost.',
    urgency: 'page',
    look: logsLink(receiver.accessLogs),
    next: `npm run register -- --sender <id> --stage ${monitoring.stage}`,
  });
  return ofDeployments;
}

/**
 * 1 or more in a minute in which the stage refused requests, or let in nearly all that it may. API Gateway answers 429 by
 * itself, so the receiver has no line of it; and in a flood API Gateway may write neither lines nor metrics of the 429s.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-monitor.html
 */
function beyondThrottle(receiver: Receiver, monitoring: Monitoring, throttleRate: number): MathExpression {
  const each = { period: Duration.minutes(1), statistic: 'Sum' };
  return new MathExpression({
    // API Gateway keeps the rate as well as it can, not exactly.
    expression: `throttled + requests / ${Math.round(0.95 * 60 * throttleRate)}`,
    usingMetrics: {
      throttled: monitoring.count('StageThrottled', receiver.accessLogs, { status: '429' }).with(each),
      requests: receiver.api.metricCount(each),
    },
    label: 'Requests beyond the throttle, and the share of it that is used',
    period: each.period,
  });
}
