import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmProps, evaluationOf } from './alarm.ts';

export interface HeartbeatProps extends AlarmProps {
  /** Has values above zero, or none: it tells that what must go on has begun. Its period is kept. */
  begun: Metric;
}

/**
 * Creates an alarm that fires below a threshold, and if nothing is reported: for what must go on, from when it has
 * begun. Silence alone would fire as soon as it is created, since there is nothing yet, and stay so until the first
 * event: the one time that an alarm acts would be over.
 *
 * @param description text of the alarm; its parts, which tell nobody, have their own
 */
export function createHeartbeat(
  scope: Construct,
  name: string,
  props: HeartbeatProps,
  description: string,
): CompositeAlarm {
  const silence = new Alarm(scope, `${name}Silence`, {
    ...evaluationOf(props),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
    alarmDescription: `A part of ${name}, which tells of it.`,
  });
  const begun = createLatch(scope, name, props.begun);
  return new CompositeAlarm(scope, `${name}Alarm`, {
    alarmRule: AlarmRule.allOf(silence, AlarmRule.fromAlarm(begun, AlarmState.OK)),
    alarmDescription: description,
  });
}

/**
 * A latch: INSUFFICIENT_DATA until the metric has had values in two periods, and OK for ever after, since a missing
 * value leaves it as it is and no value breaches.
 *
 * Two, so that silence is over a period before. Each alarm is evaluated by itself, once a minute: at the very
 * first value a latch that is quicker than the silence alarm would fire the heartbeat.
 */
function createLatch(scope: Construct, name: string, begun: Metric): Alarm {
  const { period } = begun;
  return new Alarm(scope, `${name}Begun`, {
    metric: new MathExpression({
      expression: 'DIFF_TIME(begun)',
      usingMetrics: { begun },
      label: 'Seconds between values',
      period,
    }),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: Math.floor(longestEvaluation(period).toSeconds() / period.toSeconds()),
    treatMissingData: TreatMissingData.IGNORE,
    alarmDescription: `A part of ${name}, which tells of it. OK once it has begun.`,
  });
}

/**
 * How far back an alarm may look.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function longestEvaluation(period: Duration): Duration {
  return Duration.days(period.toSeconds() >= 3_600 ? 7 : 1);
}
