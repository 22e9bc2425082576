import type { Clock } from '../../clock.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import { AlarmStates, type AlarmStatus, type Notification, type Transition } from './alarm-states.ts';
import { CompositeAlarm } from './composite-alarm.ts';
import { Composites } from './composites.ts';
import type { AlarmState } from './evaluation.ts';
import { LogMetrics } from './log-metrics.ts';
import { type Datum, type Metric, metricKey } from './metric.ts';
import { MetricAlarm } from './metric-alarm.ts';
import { MetricFilter, type TimedDatum } from './metric-filter.ts';
import { MetricStore } from './metric-store.ts';

const minuteMs = 60_000;
/** Values are kept for this time beyond what an alarm reads, to see what happened. */
const marginMs = 15 * minuteMs;

export interface CloudWatchProps {
  resources: Readonly<Record<string, Resource>>;
  resolve: Resolve;
  clock: Clock;
  /** The states of alarms to begin with, by name. One that is not among them is new. */
  states?: readonly Pick<AlarmStatus, 'name' | 'state' | 'reason'>[];
  /** What services measure once a minute, such as the number of messages that wait. */
  sample?(): readonly Datum[];
  /** Publishes a notification of an alarm to a topic. */
  publish(topicArn: string, alarmArn: string): Omit<Notification, 'topic'>;
  /** Is told of every change of an alarm's state, after its actions ran. */
  onTransition(transition: Transition): void;
  /** Is told why CloudWatch takes no metrics from a line that asks for some. */
  onRefusal(message: string): void;
}

/** The CloudWatch of a template: its metric filters and its alarms, on a clock. */
export class CloudWatch {
  readonly #clock: Clock;
  readonly #sample: () => readonly Datum[];
  readonly #store: MetricStore;
  readonly #logMetrics: LogMetrics;
  readonly #alarms: readonly MetricAlarm[];
  readonly #states: AlarmStates;
  readonly #composites: Composites;
  /** The next time to evaluate; undefined while it is stopped. */
  #next: number | undefined;
  #cancel = () => {};

  /** @throws Error naming a resource and what AWS would refuse about it, or what is not known here */
  constructor(props: CloudWatchProps) {
    const {
      resources,
      resolve,
      clock,
      publish,
      onTransition,
      onRefusal,
      states = [],
      sample = () => [],
    } = props;
    const ofType = <Made>(
      type: string,
      Make: new (id: string, resource: Resource, resolve: Resolve) => Made,
    ) =>
      Object.entries(resources)
        .filter(([, { Type }]) => Type === type)
        .map(([id, resource]) => new Make(id, resource, resolve));
    this.#clock = clock;
    this.#sample = sample;
    this.#logMetrics = new LogMetrics(ofType('AWS::Logs::MetricFilter', MetricFilter), onRefusal);
    this.#alarms = ofType('AWS::CloudWatch::Alarm', MetricAlarm);
    const composites = ofType('AWS::CloudWatch::CompositeAlarm', CompositeAlarm);
    const all = [...this.#alarms, ...composites].map(({ alarm }) => alarm);
    this.#states = new AlarmStates(all, states, publish, onTransition);
    this.#composites = new Composites(composites, this.#states);
    this.#store = new MetricStore(keepMs(this.#alarms));
  }

  /** Begins to evaluate alarms, once a minute. */
  start(): void {
    this.#next = (Math.floor(this.#clock.now() / minuteMs) + 1) * minuteMs;
    this.#wait(this.#next);
  }

  stop(): void {
    this.#cancel();
    this.#next = undefined;
  }

  /**
   * Takes a line that arrives in a log group.
   *
   * @param logGroup its name
   */
  line(logGroup: string, line: string): void {
    this.#catchUp();
    this.#record(this.#logMetrics.take(logGroup, line, this.#clock.now()));
  }

  /**
   * Takes a value of a metric that a service reports.
   *
   * @throws RangeError for a value that CloudWatch refuses
   */
  record(metric: Metric, value: number): void {
    this.#catchUp();
    this.#store.record(metric, value, this.#clock.now());
  }

  /** Every metric that ever had a value. */
  get recorded(): Metric[] {
    return this.#store.recorded;
  }

  /** All alarms with their states. */
  describeAlarms(): AlarmStatus[] {
    return this.#states.all;
  }

  /**
   * Puts an alarm into a state until its next evaluation finds another one; its actions run.
   *
   * @throws Error for an alarm that is not there
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
   */
  setAlarmState(name: string, state: AlarmState, reason: string): void {
    this.#catchUp();
    if (this.#states.change(name, state, reason)) this.#composites.settle(new Set([name]));
  }

  #wait(next: number): void {
    this.#cancel = this.#clock.after(Math.max(next - this.#clock.now(), 0), () => {
      this.#catchUp();
      if (this.#next !== undefined) this.#wait(this.#next);
    });
  }

  /** Evaluates every minute that is over, each by itself, so that a pause or a fast clock leaves none out. */
  #catchUp(): void {
    while (this.#next !== undefined && this.#next <= this.#clock.now()) {
      const at = this.#next;
      this.#next += minuteMs;
      this.#evaluate(at);
    }
  }

  #evaluate(at: number): void {
    this.#record(this.#logMetrics.endMinute(at));
    // They count for the minute that is over.
    this.#record(this.#sample().map((datum) => ({ ...datum, time: at - 1 })));
    const changed = this.#alarms.filter((each) => {
      const finding = each.isDue(at) ? each.evaluate(this.#store, at) : undefined;
      return finding && this.#states.change(each.alarm.name, finding.state, finding.reason);
    });
    this.#composites.settle(new Set(changed.map(({ alarm }) => alarm.name)));
  }

  #record(data: readonly TimedDatum[]): void {
    for (const { metric, value, time } of data) this.#store.record(metric, value, time);
  }
}

/** How long the values of a metric must be kept for the alarms on it. */
function keepMs(alarms: readonly MetricAlarm[]): (metric: Metric) => number {
  const ranges = new Map<string, number>();
  for (const { metrics, rangeMs } of alarms) {
    for (const key of metrics.map(metricKey)) ranges.set(key, Math.max(ranges.get(key) ?? 0, rangeMs));
  }
  return (metric) => (ranges.get(metricKey(metric)) ?? 0) + marginMs;
}
