import * as z from 'zod';
import { errorMessage } from '../../error-message.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import { type Alarm, alarmError, alarmOf, alarmShape } from './alarm.ts';
import { type AlarmRule, parseAlarmRule } from './alarm-rule.ts';

const properties = z.strictObject({ ...alarmShape, AlarmRule: z.string() });

/** An alarm on the states of other alarms (`AWS::CloudWatch::CompositeAlarm`). */
export class CompositeAlarm {
  readonly alarm: Alarm;
  readonly rule: AlarmRule;

  /** @throws Error naming the alarm and what AWS would refuse, or what is not known here */
  constructor(logicalId: string, resource: Resource, resolve: Resolve) {
    const { data, error } = properties.safeParse(resolve(resource.Properties));
    if (error) throw alarmError(logicalId, z.prettifyError(error));
    this.alarm = { ...alarmOf(logicalId, data), rule: data.AlarmRule };
    try {
      this.rule = parseAlarmRule(data.AlarmRule);
    } catch (cause) {
      throw alarmError(logicalId, errorMessage(cause), cause);
    }
  }
}
