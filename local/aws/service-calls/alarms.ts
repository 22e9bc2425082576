import { account } from '../template/environment.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

const actionLists = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];
const common = [...actionLists, 'ActionsEnabled', 'AlarmDescription', 'AlarmName', 'Tags'];

/** Alarms, and the topics that they notify. */
export const alarmTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudWatch::Alarm': {
    properties: [
      ...common,
      'ComparisonOperator',
      'DatapointsToAlarm',
      'Dimensions',
      'EvaluateLowSampleCountPercentile',
      'EvaluationPeriods',
      'ExtendedStatistic',
      'MetricName',
      'Metrics',
      'Namespace',
      'Period',
      'Statistic',
      'Threshold',
      'ThresholdMetricId',
      'TreatMissingData',
      'Unit',
    ],
    calls: notifications,
  },
  'AWS::CloudWatch::CompositeAlarm': {
    properties: [
      ...common,
      'AlarmRule',
      'ActionsSuppressor',
      'ActionsSuppressorExtensionPeriod',
      'ActionsSuppressorWaitPeriod',
    ],
    calls: notifications,
  },
};

/**
 * CloudWatch publishes itself, not in a role. If the topic's policy does not let it, only the history of the alarm
 * tells. The policy of a topic that the template does not have is not known here.
 *
 * @see https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
 */
function notifications(alarm: TemplateResource): ServiceCall[] {
  const actions = new Set(actionLists.flatMap((list) => (alarm.get(list) ?? []) as string[]));
  return [...actions].flatMap((topic) => {
    if (!topic.startsWith('arn:aws:sns:')) throw alarm.unknown(`the action ${topic}`);
    if (!alarm.others('AWS::SNS::Topic').some((each) => each.attribute('TopicArn') === topic)) {
      alarm.template.undecided(
        `Whether CloudWatch may publish to ${topic} stands in that topic's own policy, which is not in this template`,
      );
      return [];
    }
    const context = {
      'aws:SecureTransport': 'true',
      'aws:SourceAccount': account,
      'aws:SourceOwner': account,
      'aws:SourceArn': alarm.attribute('Arn'),
    };
    return [
      {
        from: alarm.id,
        call: { principal: 'cloudwatch.amazonaws.com', action: 'sns:Publish', resource: topic, context },
        consequence: 'notify nobody',
      },
    ];
  });
}
