import { createHash } from 'node:crypto';
import { ascii } from '../../testing/conformance/expected-id.ts';
import type { Sent, Witness } from '../../testing/conformance/witness.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { keptIn } from './unrouted-queue.ts';

/** A text of more characters is not compared by a matcher, which would print megabytes. */
const maxPrinted = 10_000;

/** Looks behind the answers of a stack that runs here: into its logs, its handlers' effects and its unrouted queue. */
export class LocalWitness implements Witness {
  readonly #stack: StartedStack;
  readonly #unrouted: (id: string) => Promise<Buffer>;
  /** Ids of events that were refused, with the test that sent them. */
  readonly #refused = new Map<string, string | undefined>();

  constructor(stack: StartedStack) {
    this.#stack = stack;
    this.#unrouted = keptIn(stack, 'ReceiverUnroutedQueue');
  }

  sending(body: Buffer): void {
    this.#stack.confide(body.toString());
  }

  async handled(id: string, event: Sent, text: string): Promise<void> {
    await this.#stack.until(id, ['handled']);
    const expected = { id, attempt: 1, idempotencyKey: keyOf(id, event), text };
    const effects = this.#stack.effects(id);
    if (text.length <= maxPrinted) return void expect(effects).toEqual([expected]);
    expect(effects).toHaveLength(1);
    expect(JSON.stringify(effects[0]) === JSON.stringify({ ...effects[0], ...expected })).toBe(true);
  }

  async handledOnce(id: string, deliveries: number): Promise<void> {
    await this.#stack.until(id, ['handled', 'duplicate'], deliveries);
    expect(this.#stack.of(id, 'handled')).toHaveLength(1);
    expect(this.#stack.of(id, 'dead_lettered')).toHaveLength(0);
    expect(this.#stack.effects(id)).toHaveLength(1);
  }

  async duplicates(id: string, times: number): Promise<void> {
    await this.#stack.until(id, ['duplicate'], times);
    expect(this.#stack.effects(id)).toHaveLength(1);
  }

  async eachHandled(id: string, events: readonly Sent[], duplicates: number): Promise<void> {
    if (duplicates > 0) await this.#stack.until(id, ['duplicate'], duplicates);
    await this.#stack.until(id, ['handled'], events.length);
    const keys = this.#stack.effects(id).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys.sort()).toEqual(events.map((event) => keyOf(id, event)).sort());
  }

  async unrouted(id: string, signed: string | Buffer, reason: string): Promise<void> {
    await this.#stack.until(id, ['unrouted']);
    expect(this.#stack.of(id, 'unrouted')).toContainEqual(expect.objectContaining({ reason }));
    const kept = await this.#unrouted(id);
    // Not by a matcher, which would print megabytes.
    const isSame = Buffer.isBuffer(signed) ? kept.equals(signed) : ascii(String(kept)) === ascii(signed);
    expect(isSame).toBe(true);
  }

  refused(id: string): void {
    this.#refused.set(id, expect.getState().currentTestName);
  }

  /** What is known of events that were refused and are met all the same, however late; each told once. */
  refusedAndYetQueued(): string[] {
    const { reports } = this.#stack;
    const found = reports.flatMap(({ event, id = '' }) => (this.#refused.has(id) ? [{ event, id }] : []));
    const lines = found.map(
      ({ event, id }) => `${event}: ${id}, which was refused in "${this.#refused.get(id)}"`,
    );
    for (const { id } of found) this.#refused.delete(id);
    return lines;
  }
}

/** What a handler hands on: the id and, if the event names one, its owner. */
function keyOf(id: string, { projectId, senderId }: Sent): string {
  const pair = [projectId, senderId].map((name) => (isOwnersId(name) ? name : null));
  if (pair.every((name) => name === null)) return id;
  return `${id}:${createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 32)}`;
}

/** Of a sender or a project. */
const isOwnersId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= 256 && id.isWellFormed();
