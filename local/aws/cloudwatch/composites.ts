import { alarmError } from './alarm.ts';
import type { AlarmStates } from './alarm-states.ts';
import type { CompositeAlarm } from './composite-alarm.ts';

interface Composite {
  name: string;
  rule: CompositeAlarm['rule'];
  /** Names of the alarms that its rule asks for. */
  children: ReadonlySet<string>;
}

/**
 * Evaluates composite alarms, each when an alarm of its rule has changed state, and once at the beginning. A state
 * that somebody sets therefore lasts until the next such change.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 */
export class Composites {
  readonly #composites: readonly Composite[];
  readonly #states: AlarmStates;
  /** Names by ARN. */
  readonly #names: ReadonlyMap<string, string>;
  #hasBegun = false;

  /** @throws Error naming a composite whose rule asks for an alarm that is not there, or for itself */
  constructor(composites: readonly CompositeAlarm[], states: AlarmStates) {
    this.#states = states;
    this.#names = new Map(
      states.all.flatMap(({ name, arn }) => [
        [name, name],
        [arn, name],
      ]),
    );
    this.#composites = composites.map(({ alarm: { name }, rule }) => {
      const children = rule.alarms.map((alarm) => {
        const child = this.#names.get(alarm);
        if (!child) throw alarmError(name, `its rule asks for ${alarm}, which is not in the template.`);
        return child;
      });
      return { name, rule, children: new Set(children) };
    });
    for (const { name } of this.#composites) this.#refuseCircle(name, name, new Set());
  }

  /** @param changed names of the alarms that have changed state */
  settle(changed: ReadonlySet<string>): void {
    const due = this.#composites.filter(
      ({ children }) => !this.#hasBegun || [...children].some((child) => changed.has(child)),
    );
    this.#hasBegun = true;
    const next = due.filter(({ name, rule }) => {
      const holds = rule.holds((alarm) => this.#states.get(this.#names.get(alarm) ?? alarm).state);
      const reason = `Its rule is ${holds ? 'true' : 'false'}: ${this.#shown(rule)}.`;
      return this.#states.change(name, holds ? 'ALARM' : 'OK', reason);
    });
    if (next.length > 0) this.settle(new Set(next.map(({ name }) => name)));
  }

  #shown(rule: Composite['rule']): string {
    const names = rule.alarms.map((alarm) => this.#names.get(alarm) ?? alarm);
    const firing = names.filter((name) => this.#states.get(name).state === 'ALARM');
    return firing.length > 0 ? `${firing.join(', ')} in ALARM` : 'none of its alarms is in ALARM';
  }

  #refuseCircle(start: string, name: string, seen: Set<string>): void {
    for (const child of this.#composites.find((each) => each.name === name)?.children ?? []) {
      if (child === start) throw alarmError(start, 'its rule asks for itself, by way of others.');
      if (seen.has(child)) continue;
      seen.add(child);
      this.#refuseCircle(start, child, seen);
    }
  }
}
