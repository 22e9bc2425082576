import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Urgency } from './alarm-topics.ts';

/** What every alarm must say: without an impact and a reason for its threshold there is none. */
export interface AlarmProps {
  metric: IMetric;
  threshold: number;
  /** Why this threshold: what is normal below it, and what is not above. */
  because: string;
  /**
   * Periods of the metric that decide, and how many of them must breach.
   *
   * @default { of: 1, breaching: 1 }
   */
  periods?: { of: number; breaching: number };
  /** What a customer or the person on call loses while this alarm fires. */
  impact: string;
  urgency: Urgency;
  /** Where to look: a link into the console. */
  look: string;
  /** The command to run next. */
  next: string;
}

/** How CloudWatch is to evaluate an alarm. */
export function evaluationOf({ metric, threshold, periods = { of: 1, breaching: 1 } }: AlarmProps) {
  return { metric, threshold, evaluationPeriods: periods.of, datapointsToAlarm: periods.breaching };
}

/**
 * Text of an alarm for the person who is told: at most 1,024 characters, which `alarm-text` of the guardrails counts.
 *
 * @param name of the alarm, which is the heading of its section in the runbook
 */
export function describeAlarm(name: string, props: AlarmProps, runbookUrl: string): string {
  const { impact, because, look, next } = props;
  return [
    impact,
    `Threshold: ${because}`,
    `Look: ${look}`,
    `Next: ${next}`,
    `What to do: ${runbookUrl}#${name.toLowerCase()}`,
  ].join('\n');
}
