import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../settings/settings.ts';
import { AlarmTopics, type Urgency } from './alarm-topics.ts';
import { type CountOptions, countLines, type LineFields } from './log-metric.ts';

export interface AlarmProps {
  metric: IMetric;
  threshold: number;
  /** Why this threshold: what is normal below it, and what is not above. */
  because: string;
  /** Periods of the metric that decide, and how many of them must breach. */
  periods?: { of: number; breaching: number };
  /** What a customer or the person on call loses while this alarm fires. */
  impact: string;
  urgency: Urgency;
  /** Where to look: a link into the console. */
  look: string;
  /** The command to run next. */
  next: string;
}

export interface HeartbeatProps extends AlarmProps {
  /** Has values above zero, or none: it tells that what must go on has begun. Its period is kept. */
  begun: Metric;
}

/**
 * Where alarms come from and whom they tell: one topic for all of them, another for the pager, and the only doors to
 * an alarm, which nobody passes without an impact, a reason for the threshold and a section of the runbook.
 *
 * Every alarm acts by itself. One that gathers others would act when **it** changes, so a second incident during
 * the first would be silent (docs/decisions/0023).
 */
export class Monitoring extends Construct {
  /** Metrics of the stack's own. */
  readonly namespace: string;
  /** The alarms that tell somebody. */
  readonly alarms: (Alarm | CompositeAlarm)[] = [];
  readonly #topics: AlarmTopics;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.#settings = settings;
    this.namespace = `ZavuWebhooks/${Stack.of(this).node.id}`;
    this.#topics = new AlarmTopics(this, settings);
  }

  /** The stage's name, for commands. */
  get stage(): string {
    return this.#settings.stage;
  }

  /**
   * Adds an alarm that fires from a threshold on. A quiet metric is a good one.
   *
   * @param name what is wrong, as in the headings of docs/runbook.md, where each alarm has its section
   * @param subject which part it watches, where several have the alarm
   */
  alarm(name: string, subject: string, props: AlarmProps): Alarm {
    const alarm = new Alarm(this, `${name}${subject}`, {
      ...evaluationOf(props),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: this.#description(name, props),
    });
    this.alarms.push(alarm);
    this.#topics.tell(alarm, props.urgency);
    return alarm;
  }

  /**
   * Adds an alarm that fires below a threshold, and where nothing is reported: for what must go on, from when it has
   * begun. Silence alone would fire as soon as it is created, since there is nothing yet, and stay so until the first
   * event: the one time that an alarm acts would be over.
   *
   * @param name as for `alarm`
   */
  heartbeat(name: string, props: HeartbeatProps): CompositeAlarm {
    const silence = new Alarm(this, `${name}Silence`, {
      ...evaluationOf(props),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: `A part of ${name}, which tells of it.`,
    });
    const heartbeat = new CompositeAlarm(this, `${name}Alarm`, {
      alarmRule: AlarmRule.allOf(silence, AlarmRule.fromAlarm(this.#begun(name, props), AlarmState.OK)),
      alarmDescription: this.#description(name, props),
    });
    this.alarms.push(heartbeat);
    this.#topics.tell(heartbeat, props.urgency);
    return heartbeat;
  }

  /**
   * A latch: INSUFFICIENT_DATA until the metric has had values in two periods, and OK for ever after, since a missing
   * value leaves it as it is and no value breaches.
   *
   * Two, so that silence is over a period before. Each alarm is evaluated by itself, once a minute: at the very
   * first value a latch that is quicker than the silence alarm would fire the heartbeat.
   */
  #begun(name: string, { begun }: HeartbeatProps): Alarm {
    const { period } = begun;
    return new Alarm(this, `${name}Begun`, {
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

  /** Text of the alarm for the person who is told: at most 1,024 characters, which `alarm-text` of the guardrails counts. */
  #description(name: string, { impact, because, look, next }: AlarmProps): string {
    return [
      impact,
      `Threshold: ${because}`,
      `Look: ${look}`,
      `Next: ${next}`,
      `What to do: ${this.#settings.runbookUrl}#${name.toLowerCase()}`,
    ].join('\n');
  }

  /**
   * Counts log lines whose fields have these values, as a metric of the stack's own. The functions log one JSON
   * line per outcome; counting those costs them nothing.
   *
   * @param name of the metric. Several log groups may feed the same, and several kinds of line of one
   * @param fields of the lines to count, or of each kind of them; no line may be of two kinds
   */
  count(
    name: string,
    logGroup: ILogGroup,
    fields: LineFields | readonly LineFields[],
    options: CountOptions = {},
  ): Metric {
    return countLines({ namespace: this.namespace, name }, logGroup, fields, options);
  }
}

function evaluationOf({ metric, threshold, periods = { of: 1, breaching: 1 } }: AlarmProps) {
  return { metric, threshold, evaluationPeriods: periods.of, datapointsToAlarm: periods.breaching };
}

/**
 * How far back an alarm may look.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function longestEvaluation(period: Duration): Duration {
  return Duration.days(period.toSeconds() >= 3_600 ? 7 : 1);
}
