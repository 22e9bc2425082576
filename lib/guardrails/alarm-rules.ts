import { deployedLength } from './deployed-length.ts';
import { type Finding, toList } from './resource.ts';
import type { StackTemplate } from './template.ts';

/** What CloudWatch refuses of an alarm, by the name that acknowledges it. */
export const alarmRules = {
  'alarm-window': alarmWindow,
  'alarm-metrics': alarmMetrics,
  'alarm-text': alarmText,
  'composite-rule': compositeRule,
} satisfies Record<string, (template: StackTemplate) => Finding[]>;

/** For alarms by metric math. */
const maxMetrics = 10;
const maxTextLength = 1_024;
const maxRuleLength = 10_240;
const maxChildren = 100;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmWindow(template: StackTemplate): Finding[] {
  return template.all('AWS::CloudWatch::Alarm').flatMap((resource) => {
    const { Period, Metrics, EvaluationPeriods } = resource.properties;
    const periods = toList(Metrics).flatMap((each) => [
      Object(each).Period,
      Object(Object(each).MetricStat).Period,
    ]);
    const period = Math.max(...[Period, ...periods].filter((each) => each !== undefined).map(Number));
    const window = period * Number(EvaluationPeriods);
    const maxDays = period >= 3_600 ? 7 : 1;
    if (!(window > maxDays * 86_400)) return [];
    return {
      resource,
      property: 'EvaluationPeriods',
      sentence: `${resource.path} looks at ${EvaluationPeriods} periods of ${period} s, and CloudWatch looks back ${maxDays === 1 ? 'one day' : 'seven days'} at most: it would refuse the alarm. Lower evaluationPeriods to ${Math.floor((maxDays * 86_400) / period)} or less.`,
    };
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html */
function alarmMetrics(template: StackTemplate): Finding[] {
  const property = 'Metrics';
  return template.all('AWS::CloudWatch::Alarm').flatMap((resource) => {
    const { length } = toList(resource.properties[property]).filter(
      (each) => Object(each).MetricStat !== undefined,
    );
    if (length <= maxMetrics) return [];
    return {
      resource,
      property,
      sentence: `${resource.path} looks at ${length} metrics, and CloudWatch takes ${maxMetrics} for an alarm: it would refuse the alarm. Make several alarms of it.`,
    };
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmText(template: StackTemplate): Finding[] {
  const property = 'AlarmDescription';
  return ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
    template.all(type).flatMap((resource) => {
      const length = deployedLength(resource.properties[property], template);
      if (length <= maxTextLength) return [];
      return {
        resource,
        property,
        sentence: `${resource.path} has a text of up to ${length} characters once it is deployed and names are in it, and CloudWatch takes ${maxTextLength}: it would refuse the alarm. Shorten its impact, because or next, the setting runbookUrl, or the stack's name.`,
      };
    }),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
function compositeRule(template: StackTemplate): Finding[] {
  const property = 'AlarmRule';
  return template.all('AWS::CloudWatch::CompositeAlarm').flatMap((resource) => {
    const rule = resource.properties[property];
    const length = deployedLength(rule, template);
    const children = template.references(rule).length;
    if (length <= maxRuleLength && children <= maxChildren) return [];
    return {
      resource,
      property,
      sentence: `${resource.path} has a rule of up to ${length} characters about ${children} alarms, and CloudWatch takes ${maxRuleLength} characters and ${maxChildren} alarms: it would refuse the alarm. Leave alarms out, or let each act by itself.`,
    };
  });
}
