import * as z from 'zod';
import { errorMessage } from '../../error-message.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/intrinsics.ts';
import { type Alarm, alarmError, alarmOf, alarmShape } from './alarm.ts';
import { type AlarmState, evaluate, evaluationRange } from './evaluation.ts';
import type { Metric } from './metric.ts';
import { type MetricQuery, mathQuery, metricShape, queriesShape, simpleQuery } from './metric-query.ts';
import { MetricStore } from './metric-store.ts';

const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};
const words = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

const properties = z.strictObject({
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
type Properties = z.infer<typeof properties>;

const daySeconds = 86_400;

/** What an evaluation found: a state, and why; undefined if the state stays as it is. */
type AlarmEvaluation = { state: AlarmState; reason: string } | undefined;

/**
 * An alarm on a metric or on metric math (`AWS::CloudWatch::Alarm`). CloudWatch evaluates it each
 * minute, whatever its period is, so that periods end at the time of an evaluation.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class MetricAlarm {
  readonly alarm: Alarm;
  readonly metrics: readonly Metric[];
  /** How far back an evaluation reads. */
  readonly rangeMs: number;
  readonly #properties: Properties;
  readonly #query: MetricQuery;
  readonly #range: number;

  /** @throws Error naming the alarm and what AWS would refuse, or what is not known here */
  constructor(logicalId: string, resource: Resource, resolve: Resolve) {
    const { data, error } = properties.safeParse(resolve(resource.Properties));
    if (error) throw alarmError(logicalId, z.prettifyError(error));
    this.#properties = data;
    this.alarm = alarmOf(logicalId, data);
    this.#range = evaluationRange(data.EvaluationPeriods);
    try {
      this.#query = queryOf(data);
      checkPeriods(data, this.#query.periodSeconds);
      // Calculated once, to find an id that nothing has.
      this.#query.read(new MetricStore(() => 0), this.#range, 0);
    } catch (cause) {
      throw alarmError(logicalId, errorMessage(cause), cause);
    }
    this.metrics = this.#query.metrics;
    this.rangeMs = this.#range * this.#query.periodSeconds * 1_000;
  }

  /** Whether the alarm is evaluated at a whole minute: an alarm over more than a day is evaluated once an hour. */
  isDue(at: number): boolean {
    const isMultiDay = this.#properties.EvaluationPeriods * this.#query.periodSeconds > daySeconds;
    return !isMultiDay || at % 3_600_000 === 0;
  }

  /** @param at the end of the last period, in milliseconds since the epoch, a whole minute */
  evaluate(store: MetricStore, at: number): AlarmEvaluation {
    const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm } = this.#properties;
    const series = this.#query.read(store, this.#range, at);
    const breaches = comparisons[ComparisonOperator];
    const state = evaluate(
      series.map((value) => (value === undefined ? undefined : breaches(value, Threshold))),
      {
        evaluationPeriods: EvaluationPeriods,
        datapointsToAlarm: DatapointsToAlarm ?? EvaluationPeriods,
        missingData: this.#missingData,
      },
    );
    if (!state) return undefined;
    const shown = series.map((value) => value ?? '-').join(' ');
    const rule = `${DatapointsToAlarm ?? EvaluationPeriods} of ${EvaluationPeriods} must be ${words[ComparisonOperator]} ${Threshold}`;
    return { state, reason: `Datapoints, oldest first: ${shown}; ${rule}.` };
  }

  /**
   * AWS's reference says that alarms on AWS/DynamoDB always ignore missing data, its guide that they do so by default.
   * The first is stricter, so the local run does as the reference says.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   */
  get #missingData(): Properties['TreatMissingData'] {
    const isOnDynamoDb = this.#query.metrics.some(({ namespace }) => namespace === 'AWS/DynamoDB');
    return isOnDynamoDb ? 'ignore' : this.#properties.TreatMissingData;
  }
}

function queryOf({ Metrics, Namespace, MetricName, Dimensions = [], ...others }: Properties): MetricQuery {
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
function checkPeriods(
  { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods }: Properties,
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
