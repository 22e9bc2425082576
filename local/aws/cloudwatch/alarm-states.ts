import type { Alarm } from './alarm.ts';
import type { AlarmState } from './evaluation.ts';

/** What became of one action of an alarm. */
export interface Notification {
  topic: string;
  delivered: boolean | 'unknown';
  reason?: string;
  readers: readonly string[];
}

/** A change of an alarm's state, with the actions that ran for it. */
export interface Transition {
  name: string;
  from: AlarmState;
  to: AlarmState;
  reason: string;
  /** Whether the alarm has an action for any state. */
  acts: boolean;
  notifications: readonly Notification[];
}

/** An alarm and the state that it is in. */
export interface AlarmStatus extends Alarm {
  state: AlarmState;
  reason: string;
}

/**
 * The states of all alarms. An alarm begins in INSUFFICIENT_DATA; its actions run when it changes state, and never
 * because it stays in one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
export class AlarmStates {
  readonly #states = new Map<string, AlarmStatus>();
  readonly #publish: (topicArn: string, alarmArn: string) => Omit<Notification, 'topic'>;
  readonly #onTransition: (transition: Transition) => void;

  /**
   * @param states to begin with, by name
   * @param publish publishes a notification to a topic
   * @param onTransition is told of every change of state
   */
  constructor(
    alarms: readonly Alarm[],
    states: readonly Pick<AlarmStatus, 'name' | 'state' | 'reason'>[],
    publish: (topicArn: string, alarmArn: string) => Omit<Notification, 'topic'>,
    onTransition: (transition: Transition) => void,
  ) {
    this.#publish = publish;
    this.#onTransition = onTransition;
    for (const alarm of alarms) {
      if (this.#states.has(alarm.name)) throw new Error(`Two alarms have the name ${alarm.name}.`);
      const { state = 'INSUFFICIENT_DATA', reason = 'Unchecked: Initial alarm creation' } =
        states.find(({ name }) => name === alarm.name) ?? {};
      this.#states.set(alarm.name, { ...alarm, state, reason });
    }
  }

  /** All alarms with their states. */
  get all(): AlarmStatus[] {
    return [...this.#states.values()];
  }

  /** @throws Error for an alarm that is not there */
  get(name: string): AlarmStatus {
    const status = this.#states.get(name);
    if (!status) throw new Error(`There is no alarm ${name}.`);
    return status;
  }

  /**
   * Puts an alarm into a state, and runs its actions if that is another one.
   *
   * @returns whether it changed
   */
  change(name: string, to: AlarmState, reason: string): boolean {
    const status = this.get(name);
    const from = status.state;
    if (from === to) return false;
    this.#states.set(name, { ...status, state: to, reason });
    const topics = status.actionsEnabled ? status.actions[to] : [];
    const notifications = topics.map((topic) => ({ topic, ...this.#publish(topic, status.arn) }));
    const acts = Object.values(status.actions).some(({ length }) => length > 0);
    this.#onTransition({ name, from, to, reason, acts, notifications });
    return true;
  }
}
