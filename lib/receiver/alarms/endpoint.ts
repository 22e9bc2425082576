import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { zavuWaitsMs } from '../../../lambda/zavu/delivery.ts';
import { functionLink, logsLink } from '../../monitoring/console-link.ts';
import { Monitoring } from '../../monitoring/monitoring.ts';
import { settingsOf } from '../../settings/scope.ts';
import { lossText, minutely, tail, twoOfThree, type WatchedReceiver } from './watched.ts';

/** Watches the endpoint: its errors, how fast it answers, and its throttle. */
export function addEndpointAlarms(scope: Construct, receiver: WatchedReceiver): void {
  const { function: fn, api, accessLogs, answerWithin } = receiver;
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('ReceiverServerErrors', '', {
    metric: api.metricServerError(minutely),
    threshold: 5,
    periods: twoOfThree,
    because: 'Zavu sends a single failed event again within a minute. Five in a minute are no accident.',
    impact: `API Gateway answers 5xx, for whatever reason. ${lossText}`,
    urgency: 'page',
    look: logsLink(accessLogs),
    next: `${tail(accessLogs)} --filter-pattern '{ $.status = "5*" }'`,
  });
  monitoring.alarm('ReceiverSlow', '', {
    metric: fn.metricDuration({ period: Duration.minutes(5), statistic: 'p99' }),
    threshold: 3_000,
    periods: twoOfThree,
    because: `Zavu waits ${zavuWaitsMs / 1000} s, and the receiver gives up after ${answerWithin.toMilliseconds() / 1000} s. A healthy receiver takes milliseconds.`,
    impact: `One answer in a hundred takes 3 s or more. Zavu waits ${zavuWaitsMs / 1000} s, and then sends again what was accepted.`,
    urgency: 'notice',
    look: functionLink(fn),
    next: tail(fn.logGroup),
  });
  monitoring.alarm('StageThrottled', '', {
    metric: measureThrottle(scope, receiver),
    threshold: 1,
    periods: twoOfThree,
    because:
      'Zavu retries requests that were refused in a short burst. Two minutes at the limit are more than a burst.',
    impact: `The stack refuses requests above throttleRate, Zavu's included. ${lossText}`,
    urgency: 'page',
    look: logsLink(accessLogs),
    next: `${tail(accessLogs, '5m')} --filter-pattern '{ $.status = "429" }'`,
  });
}

/**
 * 1 or more in a minute in which the stage refused requests, or let in nearly all that it may. API Gateway answers 429 by
 * itself, so the receiver has no line of it; and in a flood API Gateway may write neither lines nor metrics of the 429s.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-monitor.html
 */
function measureThrottle(scope: Construct, { api, accessLogs }: WatchedReceiver): MathExpression {
  const { throttleRate } = settingsOf(scope);
  return new MathExpression({
    // API Gateway keeps the rate as well as it can, not exactly.
    // In a list, a metric without values does not empty the other one. There may never have been a line with 429.
    expression: `SUM([FILL(throttled, 0), requests / ${Math.round(0.95 * 60 * throttleRate)}])`,
    usingMetrics: {
      throttled: Monitoring.of(scope).count('StageThrottled', accessLogs, { status: '429' }).with(minutely),
      requests: api.metricCount(minutely),
    },
    label: 'Requests beyond the throttle, and the share of it that is used',
    period: minutely.period,
  });
}
