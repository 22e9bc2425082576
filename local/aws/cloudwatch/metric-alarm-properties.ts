import * as z from 'zod';
import { alarmShape } from './alarm.ts';
import { type MetricQuery, mathQuery, metricShape, queriesShape, simpleQuery } from './metric-query.ts';

/** The properties of a metric alarm, as far as the local run knows them. */
export const metricAlarmShape = z.strictObject({
  ...alarmShape,
  ...metricShape.partial().shape,
  Period: z.number().optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Metrics: queriesShape.optional(),
  ComparisonOperator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  Threshold: z.number(),
  EvaluationPeriods: z.int().min(1),
  DatapointsToAlarm: z.int().min(1).optional(),
  TreatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
});
export type MetricAlarmProperties = z.infer<typeof metricAlarmShape>;

export const daySeconds = 86_400;

/**
 * What an alarm reads.
 *
 * @throws Error if it has both ways of saying that, or neither
 */
export function queryOf({
  Metrics,
  Namespace,
  MetricName,
  Dimensions = [],
  ...others
}: MetricAlarmProperties): MetricQuery {
  const stat = others.Statistic ?? others.ExtendedStatistic;
  const isSimple = Namespace !== undefined && MetricName !== undefined && stat !== undefined;
  if (Metrics && !isSimple) return mathQuery(Metrics);
  if (Metrics || !isSimple || others.Period === undefined || (others.Statistic && others.ExtendedStatistic)) {
    throw new Error('It must have Metrics, or else Namespace, MetricName, Period and one statistic.');
  }
  return simpleQuery({ Namespace, MetricName, Dimensions }, stat, others.Period);
}

/**
 * What PutMetricAlarm refuses.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function checkPeriods(
  { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods }: MetricAlarmProperties,
  period: number,
): void {
  if (period === 10 || period === 30) {
    throw new Error(`The local run evaluates once a minute, and knows no period of ${period} s.`);
  }
  if (!Number.isInteger(period) || period < 60 || period % 60 !== 0) {
    throw new Error(`Its period of ${period} s must be 10, 30 or a multiple of 60.`);
  }
  if (DatapointsToAlarm > EvaluationPeriods) {
    throw new Error(
      `DatapointsToAlarm (${DatapointsToAlarm}) exceeds EvaluationPeriods (${EvaluationPeriods}).`,
    );
  }
  const days = period >= 3_600 ? 7 : 1;
  if (period * EvaluationPeriods > days * daySeconds) {
    const limits = 'AWS takes one day, and seven days if the period is an hour or more';
    throw new Error(`${EvaluationPeriods} periods of ${period} s are more than ${days} d: ${limits}.`);
  }
}
