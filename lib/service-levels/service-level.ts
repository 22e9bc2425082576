import type { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** Which share of all events must go well, and the metrics that say which of them did not. */
export interface ServiceLevel {
  /** Begins the names of its alarms: `Acceptance`. */
  name: string;
  /** Heads its widgets. */
  title: string;
  /** Share of the events that must be good: 0.999. */
  goal: number;
  /** The metrics that `bad` and `all` name, summed over a period. */
  metrics(period: Duration): Record<string, IMetric>;
  /** Metric math: how many events went wrong. */
  bad: string;
  /** Metric math: how many events count. */
  all: string;
}

/** The share of the events that may go wrong. Rounded, because 1 - 0.999 is 0.0010000000000000009. */
export function budgetOf({ goal }: ServiceLevel): number {
  return Number((1 - goal).toFixed(6));
}
