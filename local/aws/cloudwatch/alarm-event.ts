import type { Transition } from './alarm-states.ts';
import type { AlarmState } from './evaluation.ts';

/** The line of JSON about an alarm that fires or clears. */
export interface AlarmEvent {
  event: 'alarm';
  name: string;
  state: AlarmState;
  /** Whether it has an action at all. An alarm that only a composite alarm asks for has none. */
  acts: boolean;
  /** Whether every notification was taken; `unknown` if none was refused and a policy is not known here. */
  delivered: boolean | 'unknown';
  /** Why not, or why that is not known. */
  reason?: string;
  /** Who would read it: mail addresses, ARNs, URLs. */
  readers: readonly string[];
}

/** Makes the line about a change of an alarm's state. An alarm without an action for its new state tells nobody. */
export function alarmEvent({ name, to, acts, notifications }: Transition): AlarmEvent {
  const reasons = notifications.flatMap(({ reason }) => reason ?? []);
  if (notifications.length === 0) reasons.push(`it has no action for ${to}`);
  const outcomes = notifications.map(({ delivered }) => delivered);
  const isTaken = outcomes.length > 0 && !outcomes.includes(false);
  return {
    event: 'alarm',
    name,
    state: to,
    acts,
    delivered: isTaken && outcomes.includes('unknown') ? 'unknown' : isTaken,
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
    readers: notifications.flatMap(({ readers }) => readers),
  };
}
