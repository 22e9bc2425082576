import { isMetricValue, type Metric, metricKey, metricLabel } from './metric.ts';
import type { Statistic } from './statistic.ts';

const minuteMs = 60_000;

interface Series {
  metric: Metric;
  /** The values of each minute, by the minute's number since the epoch. */
  minutes: Map<number, Map<number, number>>;
}

/** Keeps the values of metrics for as long as somebody may ask for them, in minutes as CloudWatch does. */
export class MetricStore {
  readonly #series = new Map<string, Series>();
  readonly #keepMs: (metric: Metric) => number;

  /** @param keepMs how long the values of a metric are kept, in milliseconds before the newest of them */
  constructor(keepMs: (metric: Metric) => number) {
    this.#keepMs = keepMs;
  }

  /**
   * Adds a value.
   *
   * @param time in milliseconds since the epoch
   * @throws RangeError for a value that CloudWatch refuses
   */
  record(metric: Metric, value: number, time: number): void {
    if (!isMetricValue(value)) {
      throw new RangeError(`CloudWatch takes no value of ${value}, for ${metricLabel(metric)}.`);
    }
    const { minutes } = this.#seriesOf(metric);
    const minute = Math.floor(time / minuteMs);
    let values = minutes.get(minute);
    if (!values) {
      values = new Map();
      minutes.set(minute, values);
      this.#drop(metric, minutes);
    }
    values.set(value, (values.get(value) ?? 0) + 1);
  }

  /**
   * Reads a statistic.
   *
   * @param from the first millisecond that counts, a whole minute
   * @param to the first that does not count any more, a whole minute
   * @returns undefined if the metric has no value in this time
   */
  read(metric: Metric, statistic: Statistic, from: number, to: number): number | undefined {
    const minutes = this.#series.get(metricKey(metric))?.minutes;
    if (!minutes) return undefined;
    const values = new Map<number, number>();
    for (let minute = Math.ceil(from / minuteMs); minute < to / minuteMs; minute++) {
      for (const [value, times] of minutes.get(minute) ?? []) {
        values.set(value, (values.get(value) ?? 0) + times);
      }
    }
    return values.size > 0 ? statistic(values) : undefined;
  }

  /** Every metric that ever had a value. */
  get recorded(): Metric[] {
    return [...this.#series.values()].map(({ metric }) => metric);
  }

  #seriesOf(metric: Metric): Series {
    const key = metricKey(metric);
    const known = this.#series.get(key);
    if (known) return known;
    const series = { metric, minutes: new Map() };
    this.#series.set(key, series);
    return series;
  }

  #drop(metric: Metric, minutes: Series['minutes']): void {
    const oldest = Math.max(...minutes.keys()) - this.#keepMs(metric) / minuteMs;
    for (const minute of minutes.keys()) if (minute < oldest) minutes.delete(minute);
  }
}
