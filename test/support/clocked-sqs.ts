import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TopicDeliveries } from '../../local/aws/sns/sns.ts';
import type { QueueStatistics } from '../../local/aws/sqs/local-queue.ts';
import type { ReceivedMessage } from '../../local/runtime/event-sources/polled-queue.ts';

/** What the process is asked; it answers each in turn. */
export type Question =
  | { ask: 'endpoint' }
  | { ask: 'advance'; clock: 'retention' | 'machine'; milliseconds: number }
  | { ask: 'topics'; topics: readonly TopicDeliveries[] }
  | { ask: 'statistics'; queue: string }
  | { ask: 'receive'; queue: string; maxWaitMs: number };

/** The local run's SQS in a process of its own, with clocks that a test moves on. */
export class ClockedSqs {
  readonly endpoint: string;
  readonly #process: ChildProcess;

  private constructor(endpoint: string, process: ChildProcess) {
    this.endpoint = endpoint;
    this.#process = process;
  }

  static async start(): Promise<ClockedSqs> {
    const child = fork(join(import.meta.dirname, 'clocked-sqs-process.ts'), {
      // Fractions of a second are exact, and what is undefined stays so.
      serialization: 'advanced',
    });
    await once(child, 'message');
    return new ClockedSqs(String(await answer(child, { ask: 'endpoint' })), child);
  }

  /** Lets messages grow old. */
  async age(milliseconds: number): Promise<void> {
    await answer(this.#process, { ask: 'advance', clock: 'retention', milliseconds });
  }

  /** Lets the time pass for which messages are hidden, as far as its limit goes. */
  async pass(milliseconds: number): Promise<void> {
    await answer(this.#process, { ask: 'advance', clock: 'machine', milliseconds });
  }

  /** Takes the topics of a deployment. */
  async setTopics(topics: readonly TopicDeliveries[]): Promise<void> {
    await answer(this.#process, { ask: 'topics', topics });
  }

  async statistics(queue: string): Promise<QueueStatistics> {
    return (await answer(this.#process, { ask: 'statistics', queue })) as QueueStatistics;
  }

  /** Receives as an event source does. */
  async receive(queue: string, maxWaitMs: number): Promise<ReceivedMessage[]> {
    return (await answer(this.#process, {
      ask: 'receive',
      queue,
      maxWaitMs,
    })) as ReceivedMessage[];
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}

async function answer(child: ChildProcess, question: Question): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(question);
  return (await answered)[0];
}
