import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What a worker reports about itself. Each is one metric per worker, with the dimension `service`. */
export type WorkerMetric = 'Handled' | 'Duplicates' | 'Retries' | 'EndToEnd';

/** 30 days. An event is older only if it was replayed or redriven, or if its time is wrong. */
const maxEndToEndMs = 30 * 86_400_000;

export interface WorkerMetrics {
  /** Counts an event. */
  count(name: Exclude<WorkerMetric, 'EndToEnd'>): void;
  /**
   * How long an event took, from Zavu's timestamp until it was handled, in milliseconds. Zavu's time may be anything: a
   * negative duration counts as 0, one of more than 30 days as 30 days, and NaN does not count, so that no event can
   * make a percentile useless or make CloudWatch refuse the line.
   */
  endToEnd(milliseconds: number): void;
  /** Writes one line for all events of a batch. */
  publish(): void;
}

/**
 * Creates a worker's metrics: CloudWatch reads them out of the log (embedded metric format), so they cost no
 * call. A line per batch, with all of its values.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export function createMetrics(namespace: string, worker: string): WorkerMetrics {
  const metrics = new Metrics({ namespace, serviceName: worker });
  return {
    count: (name) => void metrics.addMetric(name, MetricUnit.Count, 1),
    endToEnd(milliseconds) {
      if (Number.isNaN(milliseconds)) return;
      const bounded = Math.min(Math.max(0, milliseconds), maxEndToEndMs);
      metrics.addMetric('EndToEnd', MetricUnit.Milliseconds, bounded);
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
