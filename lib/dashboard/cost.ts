import { type IWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { graph, period, section, sum } from './graph.ts';
import type { DashboardParts } from './parts.ts';

export function showCost({ receiver, workers, tables }: DashboardParts): IWidget[][] {
  const functions = [
    { name: 'receiver', target: receiver.function },
    ...workers.map((worker) => ({ name: worker.name, target: worker.function })),
  ];
  return section(
    'What does it cost?',
    graph('Requests ($1.00 a million)', [receiver.api.metricCount({ ...sum, label: 'requests' })]),
    graph(
      'GB-seconds ($13.33 a million)',
      functions.map(
        ({ name, target }, index) =>
          new MathExpression({
            expression: `d${index} * ${target.memoryMb} / 1024 / 1000`,
            usingMetrics: { [`d${index}`]: target.metricDuration({ ...sum }) },
            label: name,
            period,
          }),
      ),
    ),
    graph(
      'Writes to tables ($0.63 a million)',
      tables.map((table) => table.metricConsumedWriteCapacityUnits({ ...sum, label: table.node.id })),
    ),
  );
}
