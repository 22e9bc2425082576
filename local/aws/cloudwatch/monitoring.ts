import type { Clock } from '../../clock.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { Iam } from '../iam/iam.ts';
import { Sns } from '../sns/sns.ts';
import type { QueueStatistics } from '../sqs/local-queue.ts';
import type { Assembly } from '../template/assembly.ts';
import { queueName } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';
import { alarmEvent } from './alarm-event.ts';
import { CloudWatch, type CloudWatchProps } from './cloudwatch.ts';
import type { Datum } from './metric.ts';
import { queueSamples, streamSamples } from './service-metrics.ts';

/** What watches a deployment: its metrics and alarms, and the topics that they notify. */
export interface LocalMonitoring {
  cloudWatch: CloudWatch;
  sns: Sns;
}

interface MonitoringProps {
  assembly: Assembly;
  resolve: Resolve;
  iam: Iam;
  clock: Clock;
  reporter: Reporter;
  /** What is to be measured of a queue; undefined if it runs elsewhere. */
  queueStatistics(queueName: string): QueueStatistics | undefined;
  /** The deployment before, whose alarms go on; undefined for the first. */
  before: LocalMonitoring | undefined;
}

/**
 * Creates what watches a deployment. Nothing is evaluated until its CloudWatch is started.
 *
 * @throws Error naming an alarm, a metric filter or a topic that AWS would refuse, or that is not known here
 */
export function createMonitoring(props: MonitoringProps): LocalMonitoring {
  const { assembly, resolve, iam, clock, reporter, before } = props;
  const sns = new Sns(assembly.resources, resolve, (call) => iam.decide(call));
  const states: NonNullable<CloudWatchProps['states']> = before?.cloudWatch.describeAlarms() ?? [];
  const cloudWatch = new CloudWatch({
    resources: assembly.resources,
    resolve,
    clock,
    states,
    sample: () => samples(props),
    publish: (topic, alarm) => sns.publish(topic, 'cloudwatch.amazonaws.com', alarm),
    onTransition(transition) {
      // An alarm that is new goes to OK, and nothing has cleared.
      if (transition.to === 'ALARM' || transition.from === 'ALARM') reporter.alarm(alarmEvent(transition));
    },
    onRefusal: (message) => reporter.unchecked(message),
  });
  return { cloudWatch, sns };
}

function samples({ assembly, queueStatistics }: MonitoringProps): Datum[] {
  return Object.entries(assembly.resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::KinesisFirehose::DeliveryStream') return streamSamples(id);
    if (Type !== 'AWS::SQS::Queue') return [];
    const name = queueName(id, Properties);
    const statistics = queueStatistics(name);
    return statistics ? queueSamples(name, statistics) : [];
  });
}
