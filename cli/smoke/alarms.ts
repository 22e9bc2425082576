import {
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarms,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import type { Check } from './check.ts';

/** An alarm of a stack, metric or composite. */
export interface DeployedAlarm {
  name: string;
  arn: string;
  state: StateValue | undefined;
  /** ARNs of the topics that the alarm notifies. */
  topics: readonly string[];
  /** The rule of a composite alarm; empty for a metric alarm. */
  rule: string;
}

/**
 * Reads the alarms whose names begin with a prefix, and the composite alarms that ask for one of them.
 *
 * @param prefix CloudFormation puts a stack's name before the names of metric alarms. CDK names composite alarms
 * otherwise: they are known by their rules
 * @throws Error with what CloudWatch answers
 */
export async function deployedAlarms(cloudWatch: CloudWatchClient, prefix: string): Promise<DeployedAlarm[]> {
  const client = { client: cloudWatch };
  const metricAlarms: DeployedAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(client, {
    ...(prefix ? { AlarmNamePrefix: prefix } : {}),
    AlarmTypes: ['MetricAlarm'],
  })) {
    metricAlarms.push(...MetricAlarms.map((alarm) => toAlarm(alarm, '')));
  }
  const compositeAlarms: DeployedAlarm[] = [];
  for await (const { CompositeAlarms = [] } of paginateDescribeAlarms(client, {
    AlarmTypes: ['CompositeAlarm'],
  })) {
    compositeAlarms.push(...CompositeAlarms.map((alarm) => toAlarm(alarm, alarm.AlarmRule ?? '')));
  }
  const asksForOne = ({ rule }: DeployedAlarm) => metricAlarms.some(({ name }) => rule.includes(name));
  return [...metricAlarms, ...compositeAlarms.filter(asksForOne)];
}

/** Checks that every alarm has an action of its own, or is part of a composite alarm that has one. */
export function checkActions(alarms: readonly DeployedAlarm[]): Check {
  const name = 'every alarm notifies somebody';
  const notifying = alarms.filter(({ topics }) => topics.length > 0);
  const silent = alarms.filter(
    (alarm) => alarm.topics.length === 0 && !notifying.some(({ rule }) => rule.includes(alarm.name)),
  );
  if (alarms.length === 0) {
    return { name, result: 'failed', detail: 'There is no alarm. Deploy the stack again: npx cdk deploy.' };
  }
  if (silent.length === 0) return { name, result: 'ok', detail: `alarms: ${alarms.length}` };
  const names = silent.map((alarm) => alarm.name).join(', ');
  return { name, result: 'failed', detail: `No action: ${names}. Deploy the stack again: npx cdk deploy.` };
}

function toAlarm(
  { AlarmName = '', AlarmArn = '', StateValue, AlarmActions = [] }: MetricAlarm | CompositeAlarm,
  rule: string,
): DeployedAlarm {
  return { name: AlarmName, arn: AlarmArn, state: StateValue, topics: AlarmActions, rule };
}
