import {
  Alarm,
  ComparisonOperator,
  type CompositeAlarm,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { deploymentName } from '../deployment.ts';
import { settingsOf } from '../settings/scope.ts';
import { type AlarmProps, describeAlarm, evaluationOf } from './alarm.ts';
import { AlarmTopics, type Urgency } from './alarm-topics.ts';
import { createHeartbeat, type HeartbeatProps } from './heartbeat.ts';
import { countLines, type LineFields } from './log-metric.ts';

/**
 * Makes alarms, and says whom they tell: by one topic people, by another one the pager. Nothing else makes an alarm, so each
 * has an impact, a reason for its threshold, and a section of the runbook.
 *
 * Every alarm acts by itself. One that gathers others would act when **it** changes, so a second incident during
 * the first would be silent (docs/decisions/0023).
 *
 * @example
 * Monitoring.of(this).alarm('QueueBacklog', 'Inbound', { metric, threshold: 600, because, impact, urgency, look, next });
 */
export class Monitoring extends Construct {
  /** Metrics of the deployment's own. */
  readonly namespace: string;
  /** The alarms that tell somebody. */
  readonly alarms: (Alarm | CompositeAlarm)[] = [];
  readonly #topics: AlarmTopics;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.namespace = `ZavuWebhooks/${deploymentName(this)}`;
    this.#topics = new AlarmTopics(this);
  }

  /**
   * Finds the monitoring that watches a construct: the one that stands beside it, or beside the nearest construct around
   * it. So two deployments in one stack have each their own.
   *
   * @throws Error if there is none
   */
  static of(scope: IConstruct): Monitoring {
    for (const { node } of scope.node.scopes.toReversed()) {
      const found = node.children.find((child) => child instanceof Monitoring);
      if (found) return found;
    }
    throw new Error(
      `${scope.node.path || 'The app'} has no Monitoring: create it inside a ZavuWebhooks, or create a Monitoring beside it first.`,
    );
  }

  /**
   * Adds an alarm that fires from a threshold on. A quiet metric is a good one.
   *
   * @param name what is wrong, as in the headings of docs/runbook.md, where each alarm has its section
   * @param subject which part it watches, if several have the alarm; else empty
   */
  alarm(name: string, subject: string, props: AlarmProps): Alarm {
    const alarm = new Alarm(this, `${name}${subject}`, {
      ...evaluationOf(props),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: describeAlarm(name, props, settingsOf(this).runbookUrl),
    });
    this.#add(alarm, props.urgency);
    return alarm;
  }

  /**
   * Adds an alarm for what must go on: it fires when that stops, once it has begun.
   *
   * @param name as for `alarm`
   */
  heartbeat(name: string, props: HeartbeatProps): CompositeAlarm {
    const description = describeAlarm(name, props, settingsOf(this).runbookUrl);
    const heartbeat = createHeartbeat(this, name, props, description);
    this.#add(heartbeat, props.urgency);
    return heartbeat;
  }

  #add(alarm: Alarm | CompositeAlarm, urgency: Urgency): void {
    this.alarms.push(alarm);
    this.#topics.tell(alarm, urgency);
  }

  /**
   * Counts log lines whose fields have these values, as a metric of the stack's own. The functions log one JSON
   * line per outcome; counting those costs them nothing. If there is no such line, there is no value: an alarm counts
   * that as healthy, and a metric without values costs nothing.
   *
   * @param name of the metric. Several log groups may feed the same, and several kinds of line of one
   * @param fields of the lines to count, or of each kind of them; no line may be of two kinds
   */
  count(
    name: string,
    logGroups: ILogGroup | readonly ILogGroup[],
    fields: LineFields | readonly LineFields[],
  ): Metric {
    return countLines({ namespace: this.namespace, name }, logGroups, fields);
  }
}
