import { type FunctionDefinition, type InvocationResult, Sandbox } from './sandbox.ts';

/** A deployed function: as many sandboxes as there are invocations at once, up to a limit. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #onLine: (line: string) => void;
  readonly #onFailure: (error: string) => void;
  readonly #limit: number;
  readonly #idle: Sandbox[] = [];
  readonly #busy = new Set<Sandbox>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  /**
   * @param limit how many invocations may run at once; more of them wait
   * @param onLine takes every line that the function prints
   * @param onFailure takes why an invocation gave no result
   */
  constructor(
    definition: FunctionDefinition,
    limit: number,
    onLine: (line: string) => void,
    onFailure: (error: string) => void,
  ) {
    this.definition = definition;
    this.#limit = limit;
    this.#onLine = onLine;
    this.#onFailure = onFailure;
  }

  /** Invokes the function in a sandbox that is idle, or in a new one. */
  async invoke(event: unknown): Promise<InvocationResult> {
    while (this.#busy.size >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const sandbox = this.#takeIdle() ?? new Sandbox(this.definition, this.#onLine);
    this.#busy.add(sandbox);
    try {
      const result = await sandbox.invoke(event);
      if (!result.ok && !this.#stopped) this.#onFailure(result.error);
      return result;
    } finally {
      this.#busy.delete(sandbox);
      if (this.#stopped) sandbox.kill();
      else if (sandbox.alive) this.#idle.push(sandbox);
      this.#waiting.shift()?.();
    }
  }

  /** Takes no more work: idle sandboxes end now, and busy ones with `force`, else when they are done. */
  stop(force: boolean): void {
    this.#stopped = true;
    for (const sandbox of this.#idle.splice(0)) sandbox.kill();
    if (force) for (const sandbox of this.#busy) sandbox.kill();
  }

  #takeIdle(): Sandbox | undefined {
    for (;;) {
      const sandbox = this.#idle.pop();
      if (!sandbox || sandbox.alive) return sandbox;
    }
  }
}
