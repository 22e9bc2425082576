import { EmbeddedMetricsError, embeddedMetrics } from './embedded-metrics.ts';
import type { MetricFilter, TimedDatum } from './metric-filter.ts';

/** What CloudWatch Logs adds to the size of every line when it counts bytes. */
const overheadBytes = 26;

/**
 * Makes metrics of log lines: those of the embedded metric format, those of metric filters, and CloudWatch Logs' own.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
 */
export class LogMetrics {
  readonly #filters: readonly MetricFilter[];
  readonly #onRefusal: (message: string) => void;

  /** @param onRefusal is told why no metrics are taken from a line that asks for some */
  constructor(filters: readonly MetricFilter[], onRefusal: (message: string) => void) {
    this.#filters = filters;
    this.#onRefusal = onRefusal;
  }

  /**
   * @param line with or without the end of the line
   * @param time when it arrived, in milliseconds since the epoch
   * @returns the values that it gives
   */
  take(logGroup: string, line: string, time: number): TimedDatum[] {
    const own = (name: string, value: number, dimensions: Record<string, string> = {}) => ({
      metric: { namespace: 'AWS/Logs', name, dimensions: { LogGroupName: logGroup, ...dimensions } },
      value,
      time,
    });
    const text = line.trimEnd();
    const parsed = json(text);
    const filtered = this.#filters
      .filter((filter) => filter.logGroup === logGroup)
      .flatMap((filter) => filter.take(parsed, time));
    const counted = [
      own('IncomingLogEvents', 1),
      own('IncomingBytes', Buffer.byteLength(text) + overheadBytes),
    ];
    const embedded = this.#embedded(text, time) ?? [own('EMFValidationErrors', 1)];
    return [...counted, ...filtered, ...embedded];
  }

  /** The default values of filters for minutes that are over. */
  endMinute(time: number): TimedDatum[] {
    return this.#filters.flatMap((filter) => filter.endMinute(time));
  }

  #embedded(line: string, time: number): TimedDatum[] | undefined {
    try {
      return embeddedMetrics(line).map((datum) => ({ ...datum, time }));
    } catch (error) {
      if (!(error instanceof EmbeddedMetricsError)) throw error;
      this.#onRefusal(error.message);
      return undefined;
    }
  }
}

/** Metric filters over JSON see only lines that are JSON as a whole. */
function json(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
