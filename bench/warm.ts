import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import type { Subject } from './functions.ts';

const blockSchema = z.object({
  cpuMs: z.number(),
  wallMs: z.number(),
  heapBytes: z.number(),
  results: z.array(z.unknown()),
});

/** What a block of invocations took, in milliseconds, by how much V8's heap grew, and what they gave. */
type Block = z.infer<typeof blockSchema>;

/** A function that stays warm in a process of its own. */
export class WarmFunction {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** @param flags Node's, and V8's */
  static async start(
    { module, environment }: Pick<Subject, 'module' | 'environment'>,
    flags: readonly string[] = [],
  ): Promise<WarmFunction> {
    const child = fork(join(import.meta.dirname, 'warm-process.mjs'), [module, 'handler'], {
      env: environment,
      execArgv: [...flags],
      // A pipe that somebody reads, as on Lambda: a line costs more than one that nobody reads.
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.stdout?.resume();
    await nextMessage(child);
    return new WarmFunction(child);
  }

  /**
   * Invokes it with one event after the other.
   *
   * @throws Error if one of its results is not what it should be
   */
  async invoke(events: readonly object[], isAnswer: (result: unknown) => boolean): Promise<Block> {
    this.#process.send(events);
    const block = blockSchema.parse(await nextMessage(this.#process));
    const wrong = block.results.find((result) => !isAnswer(result));
    if (wrong !== undefined) throw new Error(`A function under measurement gives ${JSON.stringify(wrong)}.`);
    return block;
  }

  /** Ends its process. */
  async stop(): Promise<void> {
    this.#process.disconnect();
    await once(this.#process, 'exit');
  }
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const ended = once(child, 'exit', settled).then(([code]) => {
    throw new Error(`A function under measurement ended with ${code}.`);
  });
  const [message] = await Promise.race([once(child, 'message', settled), ended]);
  ended.catch(() => undefined);
  settled.abort();
  return message;
}
