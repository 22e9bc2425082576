import { Validations } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from './config.ts';

export interface AlarmProps {
  metric: IMetric;
  threshold: number;
  /** Periods of the metric that decide, and how many of them must breach. */
  periods?: { of: number; breaching: number };
  /** What a customer or the person on call loses while this alarm rings. */
  impact: string;
}

/** Where alarms come from and whom they tell: one topic, and the only door to an alarm. */
export class Monitoring extends Construct {
  readonly topic: Topic;
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.topic = new Topic(this, 'Alarms', { enforceSSL: true });
    if (settings.alarmEmail) {
      const subscription = this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
      Validations.of(subscription).acknowledge({
        id: 'Serverless::Serverless-SNSRedrivePolicy',
        reason:
          'SNS tries an e-mail 50 times in 6 hours. One that is lost loses no data: the alarm keeps its state ' +
          'in CloudWatch. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
      });
    }
    this.#action = new SnsAction(this.topic);
  }

  /**
   * Adds an alarm that notifies the topic, when it rings and when it is over. A quiet metric is a good one.
   *
   * @param name what is wrong, as in the headings of docs/runbook.md, where each alarm has its section
   * @param subject which part it watches, where several have the alarm
   */
  alarm(name: string, subject: string, props: AlarmProps): Alarm {
    const { metric, threshold, impact, periods = { of: 1, breaching: 1 } } = props;
    const alarm = new Alarm(this, `${name}${subject}`, {
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.breaching,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${impact} What to do: docs/runbook.md#${name.toLowerCase()}`,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
    return alarm;
  }

  /**
   * Counts log lines whose fields have these values, as a metric of the stack's own. The functions log one JSON
   * line per outcome; counting those costs them nothing.
   *
   * @param name of the metric. Several log groups may feed the same
   * @param fields their values; `*` for any
   * @param dimensions fields that tell its values apart, by the name of the dimension: each combination is a
   *   metric of its own, at $0.30 a month, so fields of few values only
   */
  count(
    name: string,
    logGroup: ILogGroup,
    fields: Readonly<Record<string, string>>,
    dimensions: Readonly<Record<string, string>> = {},
  ): Metric {
    const namespace = `ZavuWebhooks/${this.node.scope?.node.id}`;
    const isPlain = Object.keys(dimensions).length === 0;
    const patterns = Object.entries(fields).map(([field, value]) =>
      FilterPattern.stringValue(`$.${field}`, '=', value),
    );
    logGroup.addMetricFilter(name, {
      filterPattern: FilterPattern.all(...patterns),
      metricNamespace: namespace,
      metricName: name,
      metricValue: '1',
      // CloudWatch knows no default of a metric with dimensions.
      ...(isPlain ? { defaultValue: 0 } : { dimensions: paths(dimensions) }),
    });
    return new Metric({ namespace, metricName: name, statistic: 'Sum' });
  }
}

function paths(dimensions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, field]) => [name, `$.${field}`]));
}
