import type { Notification, Transition } from '../../local/aws/cloudwatch/alarm-states.ts';
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts';
import type { Resource } from '../../local/aws/template/assembly.ts';
import type { Resolve } from '../../local/aws/template/resolve.ts';
import { HandClock } from './hand-clock.ts';

interface CloudWatchOnHandClock {
  cloudwatch: CloudWatch;
  clock: HandClock;
  /** Every change of state so far. */
  transitions: Transition[];
  /** Why metrics were not taken from a line. */
  refusals: string[];
}

/**
 * Starts the CloudWatch of some resources on a clock that stands still.
 *
 * @param resolve for what templates write as intrinsics
 * @param publish what a topic does with a notification; taken and read by nobody unless it is given
 */
export function startCloudWatch(
  resources: Readonly<Record<string, Resource>>,
  resolve: Resolve = (value) => value,
  publish: (topic: string, alarm: string) => Omit<Notification, 'topic'> = () => ({
    delivered: true,
    readers: [],
  }),
): CloudWatchOnHandClock {
  const clock = new HandClock();
  const transitions: Transition[] = [];
  const refusals: string[] = [];
  const cloudwatch = new CloudWatch({
    resources,
    resolve,
    clock,
    publish,
    onTransition: (transition) => transitions.push(transition),
    onRefusal: (message) => refusals.push(message),
  });
  cloudwatch.start();
  return { cloudwatch, clock, transitions, refusals };
}
