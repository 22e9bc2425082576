import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { zavuWaitsMs } from '../../../lambda/zavu/delivery.ts';
import type { Receiver } from '../../receiver/receiver.ts';
import type { Worker } from '../../worker/worker.ts';
import type { Monitoring } from '../monitoring.ts';

export interface DashboardProps {
  monitoring: Monitoring;
  receiver: Receiver;
  workers: readonly Worker[];
  tables: readonly TableV2[];
}

const period = Duration.minutes(5);
const sum = { period, statistic: 'Sum' };
const highest = { period, statistic: 'Maximum' };

/**
 * One dashboard that answers, from top to bottom: does something ring, are we receiving, how fast, is it
 * flowing, what failed, what does it cost.
 */
export class Dashboard extends Construct {
  readonly #props: DashboardProps;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.#props = props;
    new CloudWatchDashboard(this, 'Resource', {
      // Dashboards are global in an account: without the region a second stack could not be deployed.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: props.monitoring.alarms, width: 24, height: 6 })],
        ...this.#receiving(),
        ...this.#speed(),
        ...this.#flow(),
        ...this.#failures(),
        ...this.#cost(),
      ],
    });
  }

  #receiving(): IWidget[][] {
    const { api } = this.#props.receiver;
    return section(
      'Are we receiving?',
      graph('Requests', [
        api.metricCount({ ...sum, label: 'all' }),
        api.metricClientError({ ...sum, label: '4xx' }),
        api.metricServerError({ ...sum, label: '5xx' }),
      ]),
      graph('Verified, by signature scheme', [this.#byValue('Verified', 'Scheme')]),
      graph('Rejected, by reason', [this.#byValue('Rejected', 'Reason')]),
    );
  }

  #speed(): IWidget[][] {
    const { receiver, workers } = this.#props;
    const duration = (statistic: string) =>
      receiver.function.metricDuration({ period, statistic, label: `function ${statistic}` });
    const endToEnd = (statistic: string) =>
      workers.map((worker) => worker.metric('EndToEnd', { statistic, label: `${worker.name} ${statistic}` }));
    return section(
      'How fast?',
      graph(
        'Answer, in ms',
        [
          duration('p50'),
          duration('p99'),
          receiver.api.metricLatency({ period, statistic: 'p99', label: 'API p99' }),
        ],
        [{ value: zavuWaitsMs, label: 'Zavu gives up' }],
      ),
      graph("From Zavu's timestamp to handled, in ms: median", endToEnd('p50')),
      graph("From Zavu's timestamp to handled, in ms: p99", endToEnd('p99')),
    );
  }

  #flow(): IWidget[][] {
    const { workers } = this.#props;
    const each = (metric: (worker: Worker) => IMetric) => workers.map(metric);
    return section(
      'Is it flowing?',
      graph(
        'Age of the oldest message, in s',
        each(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ ...highest, label: name })),
      ),
      graph('Waiting, and in flight', [
        ...each(({ name, queue }) =>
          queue.metricApproximateNumberOfMessagesVisible({ ...highest, label: `${name} waiting` }),
        ),
        ...each(({ name, queue }) =>
          queue.metricApproximateNumberOfMessagesNotVisible({ ...highest, label: `${name} in flight` }),
        ),
      ]),
      graph(
        'Handled',
        each((worker) => worker.metric('Handled', { label: worker.name })),
      ),
      graph('Duplicates, and retries', [
        ...each((worker) => worker.metric('Duplicates', { label: `${worker.name} duplicates` })),
        ...each((worker) => worker.metric('Retries', { label: `${worker.name} retries` })),
        new Metric({
          namespace: this.#props.monitoring.namespace,
          metricName: 'SharedIds',
          label: 'ids that two senders use',
          ...sum,
        }),
      ]),
    );
  }

  #failures(): IWidget[][] {
    const { receiver, workers } = this.#props;
    return section(
      'What failed?',
      graph('Dead letters, and unrouted', [
        ...workers.map(({ name, deadLetterQueue }) =>
          deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...highest, label: name }),
        ),
        receiver.unroutedQueue.metricApproximateNumberOfMessagesVisible({ ...highest, label: 'unrouted' }),
      ]),
      graph('Crashes and timeouts', [
        receiver.function.metricErrors({ ...sum, label: 'receiver' }),
        ...workers.map(({ name, function: each }) => each.metricErrors({ ...sum, label: name })),
      ]),
      graph('Throttles', [
        receiver.function.metricThrottles({ ...sum, label: 'receiver' }),
        ...workers.map(({ name, function: each }) => each.metricThrottles({ ...sum, label: name })),
      ]),
      graph('Drift, by type and path', [this.#byValue('SchemaDriftByPath', 'Path', 'Type')]),
    );
  }

  #cost(): IWidget[][] {
    const { receiver, workers, tables } = this.#props;
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

  /** A metric of the stack's own, a line for each value of its dimensions. */
  #byValue(name: string, ...dimensions: string[]): IMetric {
    const { namespace } = this.#props.monitoring;
    return new MathExpression({
      expression: `SEARCH('{"${namespace}",${dimensions.join(',')}} MetricName="${name}"', 'Sum')`,
      usingMetrics: {},
      label: '',
      period,
    });
  }
}

/** A heading, and graphs side by side. */
function section(title: string, ...widgets: GraphWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 })], widgets];
}

function graph(title: string, left: IMetric[], leftAnnotations: { value: number; label: string }[] = []) {
  return new GraphWidget({ title, left, leftAnnotations, width: 8, height: 6, leftYAxis: { min: 0 } });
}
