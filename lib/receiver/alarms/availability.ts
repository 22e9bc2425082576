import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { stackOption } from '../../deployment.ts';
import { functionLink, logsLink } from '../../monitoring/console-link.ts';
import { Monitoring } from '../../monitoring/monitoring.ts';
import { lossText, minutely, tail, twoOfThree, type WatchedReceiver } from './watched.ts';

/**
 * Watches whether the receiver can work: what it calls, its secrets, its function.
 *
 * @returns the alarms that roll a gradual deployment back
 */
export function addAvailabilityAlarms(scope: Construct, { function: fn }: WatchedReceiver): Alarm[] {
  const monitoring = Monitoring.of(scope);
  const logs = fn.logGroup;
  const unavailable = monitoring.alarm('ReceiverUnavailable', '', {
    metric: monitoring.count('Unavailable', logs, { outcome: 'unavailable' }).with(minutely),
    threshold: 1,
    periods: twoOfThree,
    because: 'the receiver answers 503 if its call to AWS failed twice. One such minute may pass.',
    impact: `Webhooks are answered 503. ${lossText}`,
    urgency: 'page',
    look: logsLink(logs),
    next: tail(logs),
  });
  monitoring.alarm('SecretUnreadable', '', {
    metric: monitoring
      .count('SecretFetchFailed', logs, { message: 'secret_fetch_failed' })
      .with({ period: Duration.minutes(5) }),
    threshold: 1,
    periods: twoOfThree,
    because:
      'each execution environment reads the secrets every 5 minutes. A single failure may be a fault of AWS.',
    impact: `The signing secrets cannot be read. New execution environments answer 503 at once, the others within an hour. ${lossText}`,
    urgency: 'page',
    look: logsLink(logs),
    next: `npx zavu-webhooks secrets list ${stackOption(scope)}`,
  });
  const errors = monitoring.alarm('ReceiverErrors', '', {
    metric: fn.metricErrors(minutely),
    threshold: 1,
    periods: twoOfThree,
    because:
      'the receiver answers every request, even a bad one. It fails only if it cannot start, runs out of memory, or times out.',
    impact: `The receiver crashes or times out. ${lossText}`,
    urgency: 'page',
    look: logsLink(logs),
    next: tail(logs),
  });
  monitoring.alarm('ReceiverThrottles', '', {
    metric: fn.metricThrottles(minutely),
    threshold: 1,
    periods: twoOfThree,
    because: 'the receiver has no limit of its own, so the account has reached its limit.',
    impact: `Webhooks are refused, because the account has no concurrency left. ${lossText}`,
    urgency: 'page',
    look: functionLink(fn),
    next: 'aws lambda get-account-settings',
  });
  return [unavailable, errors];
}
