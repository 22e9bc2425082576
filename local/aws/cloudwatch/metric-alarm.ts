import * as z from 'zod';
import { errorMessage } from '../../error-message.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import { type Alarm, alarmError, alarmOf } from './alarm.ts';
import { type AlarmState, evaluate, evaluationRange } from './evaluation.ts';
import type { Metric } from './metric.ts';
import {
  checkPeriods,
  daySeconds,
  type MetricAlarmProperties,
  metricAlarmShape,
  queryOf,
} from './metric-alarm-properties.ts';
import type { MetricQuery } from './metric-query.ts';
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
  readonly #properties: MetricAlarmProperties;
  readonly #query: MetricQuery;
  readonly #range: number;

  /** @throws Error naming the alarm and what AWS would refuse, or what is not known here */
  constructor(logicalId: string, resource: Resource, resolve: Resolve) {
    const { data, error } = metricAlarmShape.safeParse(resolve(resource.Properties));
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
  get #missingData(): MetricAlarmProperties['TreatMissingData'] {
    const isOnDynamoDb = this.#query.metrics.some(({ namespace }) => namespace === 'AWS/DynamoDB');
    return isOnDynamoDb ? 'ignore' : this.#properties.TreatMissingData;
  }
}
