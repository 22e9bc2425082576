import type { EventSource, Stopped } from './event-source.ts';

/** What a running event source is known by here. */
type Polling = Pick<EventSource, 'stop'>;

/** An event source that can be started. */
interface Planned {
  /** What its template says. */
  isEnabled: boolean;
  begin(): Polling;
}

/** Whether an event source polls, and what its last template said. */
export interface Switch {
  isOn: boolean;
  isEnabled: boolean;
}

/** The state of an event source, in Lambda's words. */
type EventSourceState = 'Enabled' | 'Disabling' | 'Disabled';

/**
 * The event sources of a deployment, by the logical ids of their mappings: each can be stopped and started.
 *
 * Which of them are off outlives the deployment, as on AWS: a deployment changes a mapping only in what its template
 * changes. A mapping that has a new logical id is as its template says.
 */
export class EventSources {
  readonly #planned: ReadonlyMap<string, Planned>;
  readonly #switches: Map<string, Switch>;
  readonly #running = new Map<string, Polling>();
  readonly #stopping = new Map<string, Stopped>();
  #isStarted = false;

  /**
   * @param planned by their ids
   * @param switches what the deployment before has left, by their ids; changed by `start` and `set`
   */
  constructor(planned: ReadonlyMap<string, Planned>, switches: Map<string, Switch>) {
    this.#planned = planned;
    this.#switches = switches;
  }

  /** Begins to poll, but for those that are off. */
  start(): void {
    this.#isStarted = true;
    for (const id of this.#switches.keys()) if (!this.#planned.has(id)) this.#switches.delete(id);
    for (const [id, { isEnabled, begin }] of this.#planned) {
      const before = this.#switches.get(id);
      const isOn = before?.isEnabled === isEnabled ? before.isOn : isEnabled;
      this.#switches.set(id, { isOn, isEnabled });
      if (isOn) this.#running.set(id, begin());
    }
  }

  /** Polls no more. It finishes the last batches, unless `force` cuts them off. */
  stop(force: boolean): Stopped {
    this.#isStarted = false;
    const stopped = [...this.#running.values()].map((source) => source.stop(force));
    stopped.push(...this.#stopping.values());
    this.#running.clear();
    const all = async (promises: Promise<void>[]) => void (await Promise.all(promises));
    return {
      received: all(stopped.map(({ received }) => received)),
      done: all(stopped.map(({ done }) => done)),
    };
  }

  /** The state of one; undefined if there is none of that id. */
  state(id: string): EventSourceState | undefined {
    const planned = this.#planned.get(id);
    if (!planned) return undefined;
    if (this.#stopping.has(id)) return 'Disabling';
    return (this.#switches.get(id)?.isOn ?? planned.isEnabled) ? 'Enabled' : 'Disabled';
  }

  /**
   * Starts one, or stops it: it finishes the batches that it has in hand.
   *
   * @returns false if it is stopping at the moment, when Lambda refuses a change
   */
  set(id: string, isOn: boolean): boolean {
    if (this.#stopping.has(id)) return false;
    const known = this.#switches.get(id);
    if (known) known.isOn = isOn;
    if (isOn) this.#begin(id);
    else this.#end(id);
    return true;
  }

  #begin(id: string): void {
    const planned = this.#planned.get(id);
    if (this.#isStarted && planned && !this.#running.has(id)) this.#running.set(id, planned.begin());
  }

  #end(id: string): void {
    const source = this.#running.get(id);
    if (!source) return;
    this.#running.delete(id);
    const stopped = source.stop(false);
    this.#stopping.set(id, stopped);
    void stopped.done.finally(() => this.#stopping.delete(id));
  }
}
