import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';

/** Graphs have a point for each five minutes. */
export const period = Duration.minutes(5);
export const sum = { period, statistic: 'Sum' };
export const highest = { period, statistic: 'Maximum' };

/** A heading, and widgets side by side. */
export function section(title: string, ...widgets: IWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 })], widgets];
}

export function graph(
  title: string,
  left: IMetric[],
  leftAnnotations: { value: number; label: string }[] = [],
): GraphWidget {
  return new GraphWidget({ title, left, leftAnnotations, width: 8, height: 6, leftYAxis: { min: 0 } });
}

/** A metric of the stack's own, a line for each value of its dimensions. */
export function metricByValue(namespace: string, name: string, ...dimensions: string[]): MathExpression {
  return new MathExpression({
    expression: `SEARCH('{"${namespace}",${dimensions.join(',')}} MetricName="${name}"', 'Sum')`,
    usingMetrics: {},
    label: '',
    period,
  });
}
