import { availableParallelism } from 'node:os';
import { type Clock, createClock } from '../../clock.ts';

/** What the pool asks of a sandbox. */
interface Pooled {
  /** Whether it may take another invocation. */
  readonly alive: boolean;
  /** Resolves once it has started, or does not start. Never rejects. */
  readonly started: Promise<unknown>;
  stop(): void;
}

/**
 * How many times as long as a start takes an invocation waits before a new sandbox is started for it. A new process has
 * to compile its code once more, which costs as much as a start. The wait is counted in starts, so that it grows on a
 * busy machine.
 */
const waitInStarts = 4;

interface WaitingInvocation<S> {
  since: number;
  take(sandbox: S | undefined): void;
}

/**
 * The sandboxes of a function. As on Lambda, an invocation takes the one that is free first, an old one or a new one.
 * Unlike there, beyond the number of processors a new one is started only for an invocation that has waited for a few
 * times as long as a start takes: few processes that have run their code often do more than many that are new to it.
 */
export class SandboxPool<S extends Pooled> {
  readonly #create: () => S;
  readonly #atOnce: number;
  readonly #clock: Clock;
  readonly #idle: S[] = [];
  readonly #busy = new Set<S>();
  /** Invocations that wait, oldest first. */
  readonly #waiting: WaitingInvocation<S>[] = [];
  #starting = 0;
  /** When the last start ended, and for how long an invocation waits since then. */
  #startedAt = 0;
  #waitMs = 0;
  #cancel: (() => void) | undefined;
  #stopped = false;
  #ended = false;

  /**
   * @param create starts a sandbox
   * @param atOnce how many are started without a wait; more at work would take the processors from each other
   */
  constructor(create: () => S, atOnce = Math.max(2, availableParallelism()), clock = createClock()) {
    this.#create = create;
    this.#atOnce = atOnce;
    this.#clock = clock;
  }

  /** Takes a sandbox, which the caller has to release. Gives none once the pool was stopped by force. */
  take(): Promise<S | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    const idle = this.#takeIdle();
    if (idle || this.#busy.size < this.#atOnce) return Promise.resolve(this.#use(idle ?? this.#start()));
    return new Promise((resolve) => {
      const take = (sandbox: S | undefined) => resolve(sandbox && this.#use(sandbox));
      this.#waiting.push({ since: this.#clock.now(), take });
      this.#watch();
    });
  }

  /** Gives a sandbox back. It ends if the pool was stopped and no invocation waits. */
  release(sandbox: S): void {
    this.#busy.delete(sandbox);
    const next = this.#waiting.shift();
    if (next) next.take(sandbox.alive ? sandbox : this.#start());
    else if (this.#stopped) sandbox.stop();
    else if (sandbox.alive) this.#idle.push(sandbox);
  }

  /** Ends the idle ones now, and the busy ones with `force`, else when they are done. */
  stop(force: boolean): void {
    this.#stopped = true;
    for (const sandbox of this.#idle.splice(0)) sandbox.stop();
    if (!force) return;
    this.#ended = true;
    this.#cancel?.();
    for (const sandbox of this.#busy) sandbox.stop();
    for (const waiting of this.#waiting.splice(0)) waiting.take(undefined);
  }

  #takeIdle(): S | undefined {
    for (;;) {
      const sandbox = this.#idle.pop();
      if (!sandbox || sandbox.alive) return sandbox;
    }
  }

  #use(sandbox: S): S {
    this.#busy.add(sandbox);
    return sandbox;
  }

  #start(): S {
    const begun = this.#clock.now();
    const sandbox = this.#create();
    this.#starting += 1;
    void sandbox.started.then(() => {
      this.#starting -= 1;
      this.#startedAt = this.#clock.now();
      this.#waitMs = waitInStarts * (this.#startedAt - begun);
      this.#watch();
    });
    return sandbox;
  }

  /** Starts sandboxes for invocations that have waited for long enough, once those that start now have started. */
  #watch(): void {
    const [oldest] = this.#waiting;
    if (!oldest || this.#ended || this.#starting > 0 || this.#cancel) return;
    const due = Math.max(oldest.since, this.#startedAt) + this.#waitMs;
    this.#cancel = this.#clock.after(Math.max(0, due - this.#clock.now()), () => {
      this.#cancel = undefined;
      while (this.#isDue(this.#waiting[0])) this.#waiting.shift()?.take(this.#start());
      this.#watch();
    });
  }

  #isDue(waiting: WaitingInvocation<S> | undefined): boolean {
    return (
      waiting !== undefined &&
      this.#starting < this.#atOnce &&
      waiting.since + this.#waitMs <= this.#clock.now()
    );
  }
}
