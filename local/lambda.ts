import type { Concurrency } from './aws/concurrency.ts';
import type { FunctionLog } from './aws/log-groups.ts';
import { type FunctionDefinition, type InvocationResult, Sandbox } from './sandbox.ts';

/** Who is told what happens in a function. */
export interface FunctionObserver extends FunctionLog {
  /** A sandbox was started, in the process of this id. */
  started(pid: number | undefined): void;
  /**
   * An invocation was run. It makes the metrics Invocations, Errors and Duration of `AWS/Lambda`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  invoked(invocation: { durationMs: number; outcome: 'success' | 'error' }): void;
  /** An invocation was not run, for want of concurrency: the metric Throttles. It counts as no invocation. */
  throttled(): void;
  /** An invocation gave no result. */
  failed(reason: string): void;
}

/** A deployed function: as many sandboxes as there are invocations at once, up to a limit. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #observer: FunctionObserver;
  readonly #limit: number;
  readonly #account: Concurrency;
  readonly #idle: Sandbox[] = [];
  readonly #busy = new Set<Sandbox>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  /**
   * @param limit how many invocations may run at once; more of them wait
   * @param account what all functions share; an invocation beyond it is throttled, and does not wait
   */
  constructor(
    definition: FunctionDefinition,
    limit: number,
    account: Concurrency,
    observer: FunctionObserver,
  ) {
    this.definition = definition;
    this.#limit = limit;
    this.#account = account;
    this.#observer = observer;
  }

  /** Invokes the function in a sandbox that is idle, or in a new one. */
  async invoke(event: unknown): Promise<InvocationResult> {
    while (this.#busy.size >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.#account.take()) {
      this.#waiting.shift()?.();
      this.#observer.throttled();
      return { ok: false, error: 'throttled: the account has no concurrency left', throttled: true };
    }
    const sandbox = this.#takeIdle() ?? this.#start();
    this.#busy.add(sandbox);
    try {
      const { result, durationMs } = await sandbox.invoke(event);
      if (!this.#stopped || result.ok) {
        this.#observer.invoked({ durationMs, outcome: result.ok ? 'success' : 'error' });
      }
      if (!result.ok && !this.#stopped) this.#observer.failed(result.error);
      return result;
    } finally {
      this.#account.release();
      this.#busy.delete(sandbox);
      if (this.#stopped) sandbox.stop();
      else if (sandbox.alive) this.#idle.push(sandbox);
      this.#waiting.shift()?.();
    }
  }

  /** Takes no more work: idle sandboxes end now, and busy ones with `force`, else when they are done. */
  stop(force: boolean): void {
    this.#stopped = true;
    for (const sandbox of this.#idle.splice(0)) sandbox.stop();
    if (force) for (const sandbox of this.#busy) sandbox.stop();
  }

  #start(): Sandbox {
    const sandbox = new Sandbox(this.definition, this.#observer);
    this.#observer.started(sandbox.pid);
    return sandbox;
  }

  #takeIdle(): Sandbox | undefined {
    for (;;) {
      const sandbox = this.#idle.pop();
      if (!sandbox || sandbox.alive) return sandbox;
    }
  }
}
