import type { EventSource, Stopped } from './event-source.ts';

/** What a running event source is known by here. */
type Polling = Pick<EventSource, 'stop'>;

/** The state of an event source, in Lambda's words. */
type EventSourceState = 'Enabled' | 'Disabling' | 'Disabled';

/**
 * The event sources of a deployment, by the logical ids of their mappings: each can be stopped and started.
 *
 * Which of them are off outlives the deployment, as on AWS: a deployment changes a mapping only in what its template
 * changes. A mapping that has a new logical id is on.
 */
export class EventSources {
  readonly #planned: ReadonlyMap<string, () => Polling>;
  readonly #off: Set<string>;
  readonly #running = new Map<string, Polling>();
  readonly #stopping = new Map<string, Stopped>();
  #isStarted = false;

  /**
   * @param planned what starts each of them
   * @param off the ids of those that are off; changed by `set`
   */
  constructor(planned: ReadonlyMap<string, () => Polling>, off: Set<string>) {
    this.#planned = planned;
    this.#off = off;
  }

  /** Begins to poll, but for those that are off. */
  start(): void {
    this.#isStarted = true;
    for (const id of this.#off) if (!this.#planned.has(id)) this.#off.delete(id);
    for (const [id, begin] of this.#planned) if (!this.#off.has(id)) this.#running.set(id, begin());
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
    if (!this.#planned.has(id)) return undefined;
    if (this.#stopping.has(id)) return 'Disabling';
    return this.#off.has(id) ? 'Disabled' : 'Enabled';
  }

  /**
   * Starts one, or stops it: it finishes the batches that it has in hand.
   *
   * @returns false if it is stopping at the moment, when Lambda refuses a change
   */
  set(id: string, isOn: boolean): boolean {
    if (this.#stopping.has(id)) return false;
    if (isOn) this.#begin(id);
    else this.#end(id);
    return true;
  }

  #begin(id: string): void {
    this.#off.delete(id);
    const begin = this.#planned.get(id);
    if (this.#isStarted && begin && !this.#running.has(id)) this.#running.set(id, begin());
  }

  #end(id: string): void {
    this.#off.add(id);
    const source = this.#running.get(id);
    if (!source) return;
    this.#running.delete(id);
    const stopped = source.stop(false);
    this.#stopping.set(id, stopped);
    void stopped.done.finally(() => this.#stopping.delete(id));
  }
}
