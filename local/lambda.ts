import { type FunctionDefinition, type InvocationResult, Sandbox } from './sandbox.ts';

/** Who is told what happens in a function. */
export interface FunctionObserver {
  /** A sandbox was started, in the process of this id. */
  started(pid: number | undefined): void;
  /** The function printed a line. */
  line(line: string): void;
  /** An invocation gave no result. */
  failed(reason: string): void;
}

/** A deployed function: as many sandboxes as there are invocations at once, up to a limit. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #observer: FunctionObserver;
  readonly #limit: number;
  readonly #idle: Sandbox[] = [];
  readonly #busy = new Set<Sandbox>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  /** @param limit how many invocations may run at once; more of them wait */
  constructor(definition: FunctionDefinition, limit: number, observer: FunctionObserver) {
    this.definition = definition;
    this.#limit = limit;
    this.#observer = observer;
  }

  /** Invokes the function in a sandbox that is idle, or in a new one. */
  async invoke(event: unknown): Promise<InvocationResult> {
    while (this.#busy.size >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const sandbox = this.#takeIdle() ?? this.#start();
    this.#busy.add(sandbox);
    try {
      const result = await sandbox.invoke(event);
      if (!result.ok && !this.#stopped) this.#observer.failed(result.error);
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

  #start(): Sandbox {
    const sandbox = new Sandbox(this.definition, (line) => this.#observer.line(line));
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
