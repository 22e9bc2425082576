import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Urgency } from '../monitoring/alarm-topics.ts';
import { budgetOf, type ServiceLevel } from './service-level.ts';

/** How much faster than allowed a level's budget is used up, and over which time that counts. */
export interface BurnRate {
  /** Ends the names of its alarms. */
  name: string;
  /** 1 uses up the budget of 30 days in 30 days. */
  times: number;
  /** The long window is twelve of these, and the short one is the last of them. */
  period: Duration;
  urgency: Urgency;
}

/** How many periods the long window has. */
export const longWindow = 12;

/**
 * A rate counts only if the long window has at least so many bad events. In a stack of a few events an hour, a single one
 * would be a high rate. AWS, too, takes a percentile as significant only if ten events or more are beyond it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
export const minBad = 10;

/**
 * The usual two: 2 % of the budget of 30 days in an hour, and 5 % in six hours.
 *
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export const burnRates: readonly BurnRate[] = [
  { name: 'FastBurn', times: 14.4, period: Duration.minutes(5), urgency: 'page' },
  { name: 'SlowBurn', times: 6, period: Duration.minutes(30), urgency: 'notice' },
];

/** The share of bad events above which a level's budget burns at a rate. */
export function burningShare(level: ServiceLevel, { times }: BurnRate): number {
  return Number((times * budgetOf(level)).toFixed(6));
}

/**
 * 1 while a level's budget burns: there are enough bad events in the long window, and their share is too high in it and in
 * the last period. So it ends one period after the last bad event, and the next incident fires again. It is 0 if nothing
 * comes.
 *
 * Both windows are in one alarm, by `EPOCH`, since a composite of two alarms costs $0.50 more (docs/decisions/0034).
 * CloudWatch reads more periods than an alarm evaluates, and AWS advises against sums over a whole series for that
 * reason. These sums are over the last hour or period by time, however much is read.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function burning(level: ServiceLevel, rate: BurnRate): MathExpression {
  const { bad, all } = level;
  const { period } = rate;
  const metrics = level.metrics(period);
  // Any metric of the level tells the time.
  const [clock = ''] = Object.keys(metrics);
  const sumOver = (periods: number, term: string) =>
    `SUM(IF(EPOCH(${clock}) > MAX(EPOCH(${clock})) - ${periods * period.toSeconds()}, ${term}, 0))`;
  // More bad events than the share allows: no division, so no events are no rate.
  const excess = `${bad} - ${burningShare(level, rate)} * ${all}`;
  return new MathExpression({
    expression: `TIME_SERIES(${[
      `(${sumOver(longWindow, bad)} >= ${minBad})`,
      `(${sumOver(longWindow, excess)} > 0)`,
      `(${sumOver(1, excess)} > 0)`,
    ].join(' * ')})`,
    usingMetrics: metrics,
    label: '1 while the budget burns',
    period,
  });
}
