import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { addAvailabilityAlarms } from './alarms/availability.ts';
import { addEndpointAlarms } from './alarms/endpoint.ts';
import { addRefusalAlarms } from './alarms/refusals.ts';
import { addTrafficAlarm } from './alarms/traffic.ts';
import { addUnroutedAlarms } from './alarms/unrouted.ts';
import type { WatchedReceiver } from './alarms/watched.ts';

/**
 * Watches a receiver: what keeps webhooks out, and events that no worker handles.
 *
 * @param scope of the receiver, whose `Monitoring` has the alarms
 * @returns the alarms that roll a gradual deployment back
 */
export function addReceiverAlarms(scope: Construct, receiver: WatchedReceiver): Alarm[] {
  addUnroutedAlarms(scope, receiver);
  const rollbackAlarms = addAvailabilityAlarms(scope, receiver);
  addEndpointAlarms(scope, receiver);
  addRefusalAlarms(scope, receiver);
  addTrafficAlarm(scope, receiver);
  return rollbackAlarms;
}
