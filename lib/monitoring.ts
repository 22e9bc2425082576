import { Aws, Lazy, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from './config.ts';

export interface AlarmProps {
  metric: IMetric;
  threshold: number;
  /** Why this threshold: what is normal below it, and what is not above. */
  because: string;
  /** Periods of the metric that decide, and how many of them must breach. */
  periods?: { of: number; breaching: number };
  /** What a customer or the person on call loses while this alarm rings. */
  impact: string;
  /**
   * `page`: events are lost within hours unless somebody acts. `notice`: nothing is lost for days, and the next
   * morning is soon enough.
   */
  urgency: 'page' | 'notice';
  /** Where to look: a link into the console. */
  look: string;
  /** The command to run next. */
  next: string;
  /** Rings below the threshold, and where nothing is reported: for what must go on. */
  isHeartbeat?: boolean;
}

/**
 * Where alarms come from and whom they tell: one topic, one composite alarm for the pager, and the only door to
 * an alarm, which nobody passes without an impact, a reason for the threshold and a section of the runbook.
 */
export class Monitoring extends Construct {
  /** Metrics of the stack's own. */
  readonly namespace: string;
  readonly topic: ITopic;
  readonly alarms: Alarm[] = [];
  readonly #paging: Alarm[] = [];
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.#settings = settings;
    this.namespace = `ZavuWebhooks/${Stack.of(this).node.id}`;
    this.topic = this.#topic(settings);
    const paging = new CompositeAlarm(this, 'Paging', {
      alarmDescription: `Events of ${Stack.of(this).stackName} are lost within hours unless somebody acts. The alarms that ring say why.`,
      // Told at synthesis, because alarms come after this.
      alarmRule: {
        renderAlarmRule: () =>
          Lazy.string({ produce: () => AlarmRule.anyOf(...this.#paging).renderAlarmRule() }),
      },
    });
    if (settings.pagingTopicArn) {
      const action = new SnsAction(Topic.fromTopicArn(this, 'PagingTopic', settings.pagingTopicArn));
      paging.addAlarmAction(action);
      paging.addOkAction(action);
    }
  }

  /** The stage's name, for commands. */
  get stage(): string {
    return this.#settings.stage;
  }

  /**
   * Adds an alarm that notifies the topic, when it rings and when it is over. A quiet metric is a good one.
   *
   * @param name what is wrong, as in the headings of docs/runbook.md, where each alarm has its section
   * @param subject which part it watches, where several have the alarm
   */
  alarm(name: string, subject: string, props: AlarmProps): Alarm {
    const { metric, threshold, isHeartbeat, periods = { of: 1, breaching: 1 } } = props;
    const alarm = new Alarm(this, `${name}${subject}`, {
      metric,
      threshold,
      comparisonOperator: isHeartbeat
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.breaching,
      treatMissingData: isHeartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: [
        props.impact,
        `Threshold: ${props.because}`,
        `Look: ${props.look}`,
        `Next: ${props.next}`,
        `What to do: ${this.#settings.runbookUrl}#${name.toLowerCase()}`,
      ].join('\n'),
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.alarms.push(alarm);
    if (props.urgency === 'page') this.#paging.push(alarm);
    return alarm;
  }

  /**
   * Counts log lines whose fields have these values, as a metric of the stack's own. The functions log one JSON
   * line per outcome; counting those costs them nothing.
   *
   * @param name of the metric. Several log groups may feed the same
   * @param fields their values; `*` for any, and for any but one `{ not: … }`
   * @param dimensions fields that tell its values apart, by the name of the dimension: each combination is a
   *   metric of its own, at $0.30 a month, so fields of few values only
   */
  count(
    name: string,
    logGroup: ILogGroup,
    fields: Readonly<Record<string, string | { not: string }>>,
    dimensions: Readonly<Record<string, string>> = {},
  ): Metric {
    const isPlain = Object.keys(dimensions).length === 0;
    const patterns = Object.entries(fields).map(([field, value]) =>
      typeof value === 'string'
        ? FilterPattern.stringValue(`$.${field}`, '=', value)
        : FilterPattern.stringValue(`$.${field}`, '!=', value.not),
    );
    logGroup.addMetricFilter(name, {
      filterPattern: FilterPattern.all(...patterns),
      metricNamespace: this.namespace,
      metricName: name,
      metricValue: '1',
      // CloudWatch knows no default of a metric with dimensions.
      ...(isPlain ? { defaultValue: 0 } : { dimensions: paths(dimensions) }),
    });
    return new Metric({ namespace: this.namespace, metricName: name, statistic: 'Sum' });
  }

  #topic({ alarmTopicArn, alarmEmail }: Settings): ITopic {
    if (alarmTopicArn) return Topic.fromTopicArn(this, 'Alarms', alarmTopicArn);
    const topic = new Topic(this, 'Alarms', { enforceSSL: true });
    // A topic's policy takes the place of SNS's default, which would have let the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    if (!alarmEmail) return topic;
    const subscription = topic.addSubscription(new EmailSubscription(alarmEmail));
    Validations.of(subscription).acknowledge({
      id: 'Serverless::Serverless-SNSRedrivePolicy',
      reason:
        'SNS tries an e-mail 50 times in 6 hours. One that is lost loses no data: the alarm keeps its state ' +
        'in CloudWatch. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
    });
    return topic;
  }
}

function paths(dimensions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, field]) => [name, `$.${field}`]));
}
