import type { Concurrency } from './concurrency.ts';
import type { FunctionDefinition } from './definitions.ts';
import type { InvocationEnd, InvocationResult } from './invocation.ts';
import { Sandbox, type SandboxObserver } from './sandbox.ts';
import { SandboxPool } from './sandbox-pool.ts';

/** Who is told what happens in a function. */
export interface FunctionObserver extends SandboxObserver {
  /** A sandbox was started, in the process of this id. */
  started(pid: number | undefined): void;
  /**
   * An invocation was run. It makes the metrics Invocations, Errors and Duration of `AWS/Lambda`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  invoked(invocation: { durationMs: number; outcome: 'success' | 'error' }): void;
  /**
   * An invocation was not run, because the account has no concurrency left: the metric Throttles. It does not count as
   * an invocation.
   */
  throttled(): void;
  /** An invocation gave no result. */
  failed(end: InvocationEnd): void;
}

/** Of a function that does not start, nothing is seen. */
const unknownEnd = { printed: [], seen: undefined, paused: undefined };

/** A deployed function: as many sandboxes as there are invocations at once, up to a limit. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #observer: FunctionObserver;
  readonly #limit: number;
  readonly #account: Concurrency;
  readonly #sandboxes: SandboxPool<Sandbox>;
  #running = 0;
  /** Invocations beyond the limit. */
  readonly #waiting: (() => void)[] = [];
  #stopped = false;
  /** Those that have not ended. */
  readonly #invocations = new Set<Promise<unknown>>();

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
    this.#sandboxes = new SandboxPool(() => {
      const sandbox = new Sandbox(definition, observer);
      observer.started(sandbox.pid);
      return sandbox;
    });
  }

  /** Invokes the function in a sandbox that is idle or soon will be, or in a new one. */
  invoke(event: unknown): Promise<InvocationResult> {
    const invocation: Promise<InvocationResult> = this.#invoke(event).finally(() =>
      this.#invocations.delete(invocation),
    );
    this.#invocations.add(invocation);
    return invocation;
  }

  async #invoke(event: unknown): Promise<InvocationResult> {
    while (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.#account.take()) {
      this.#waiting.shift()?.();
      this.#observer.throttled();
      return { ok: false, error: 'throttled: the account has no concurrency left', throttled: true };
    }
    this.#running += 1;
    const sandbox = await this.#sandboxes.take();
    try {
      if (!sandbox) return { ok: false, error: 'stopped' };
      const { result, durationMs, end } = await sandbox.invoke(event);
      if (!this.#stopped || result.ok) {
        this.#observer.invoked({ durationMs, outcome: result.ok ? 'success' : 'error' });
      }
      if (!result.ok && !this.#stopped) {
        this.#observer.failed(end ?? { ...unknownEnd, reason: result.error, event, durationMs });
      }
      return result;
    } finally {
      this.#account.release();
      this.#running -= 1;
      if (sandbox) this.#sandboxes.release(sandbox);
      this.#waiting.shift()?.();
    }
  }

  /**
   * Takes no more work: idle sandboxes end now, and busy ones with `force`, else when they are done. Resolves when the last
   * invocation has ended.
   */
  async stop(force: boolean): Promise<void> {
    this.#stopped = true;
    this.#sandboxes.stop(force);
    await Promise.allSettled(this.#invocations);
  }
}
