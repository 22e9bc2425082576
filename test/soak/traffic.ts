import { setTimeout as sleep } from 'node:timers/promises';
import { orders } from '../e2e/orders.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { type Body, bodiesOf } from './body.ts';
import type { PlannedEvent } from './plan.ts';
import { deliver } from './zavu.ts';

/** An event on its way, and what Zavu knows of it. */
export interface Sent extends PlannedEvent {
  id: string;
  /** Two where an id is used by two senders. */
  bodies: readonly Body[];
  acknowledged: boolean;
}

/** A type of each worker's, so that all of them have something to do. */
const typesBesides = ['message.inbound', 'message.delivered', 'template.approved', 'call.completed'];
const besidesEveryMs = 500;

/**
 * How many requests are under way at once: as many as the local run runs receivers. More would wait there, and on a
 * slow machine for longer than Zavu does; its retries would then be all that the machine does.
 */
const maxRequests = 10;

/** What Zavu sends to a local run: the planned events, and more of them for as long as it is asked to. */
export class SoakTraffic {
  readonly planned: readonly Sent[];
  readonly besides: Sent[] = [];
  /** Requests, by the status of their answer; 0 where there was none. */
  readonly answers: Record<number, number> = {};
  readonly #stack: StartedStack;
  readonly #prefix: string;
  readonly #speed: number;
  readonly #waiting: (() => void)[] = [];
  readonly #startedAt = Date.now();
  #underWay = 0;
  #deliveries = 0;

  /** @param speed how many times faster than Zavu a refused event is sent again */
  constructor(stack: StartedStack, seed: number, events: readonly PlannedEvent[], speed: number) {
    this.#stack = stack;
    this.#prefix = `evt_${seed}`;
    this.#speed = speed;
    this.planned = events.map((event, index) => this.#written(event, `${this.#prefix}_${index}`));
  }

  get sent(): readonly Sent[] {
    return [...this.planned, ...this.besides];
  }

  /** How many requests repeated one that got no 2xx. */
  get repeated(): number {
    return Object.values(this.answers).reduce((sum, one) => sum + one, 0) - this.#deliveries;
  }

  /** Whether an event was sent besides the plan. */
  isBeside(id: string): boolean {
    return id.startsWith(`${this.#prefix}_besides`);
  }

  /** Sends every planned event and its duplicates at their times, or as soon after that as it can. */
  async sendPlan(isOver: () => boolean, onProgress?: (done: number) => void): Promise<void> {
    let done = 0;
    await Promise.all(
      this.planned.map(async (event) => {
        await this.#send(event);
        // A kill waits for it, whether Zavu would have given it up or not.
        while (event.order === orders.waitToBeKilled && !event.acknowledged && !isOver())
          await this.#send(event);
        onProgress?.(++done);
      }),
    );
  }

  /** Sends an event to each worker again and again: faults and kills wait for something to hit. */
  async sendBesides(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const events = typesBesides.map(
        (type, index): Sent =>
          this.#written(
            { type, order: 'hello', shape: 'documented', scheme: 'v2', atMs: 0, duplicatesAfterMs: [] },
            `${this.#prefix}_besides_${this.besides.length + index}`,
          ),
      );
      this.besides.push(...events);
      await Promise.all(events.map((event) => this.#send(event)));
      await sleep(besidesEveryMs);
    }
  }

  #written(event: PlannedEvent, name: string): Sent {
    const bodies = bodiesOf(event, name, Date.now());
    return { ...event, id: bodies[0]?.id ?? name, bodies, acknowledged: false };
  }

  async #send(event: Sent): Promise<void> {
    const { url, secret } = this.#stack.ready;
    const { answers } = this;
    const onAnswer = (status: number) => {
      answers[status] = (answers[status] ?? 0) + 1;
    };
    const inTurn = <Result>(request: () => Promise<Result>) => this.#inTurn(request);
    const to = { url, secret, scheme: event.scheme, speed: this.#speed, onAnswer, inTurn };
    const all = event.bodies.map(async ({ bytes }) => {
      const deliveries = [0, ...event.duplicatesAfterMs].map(async (afterMs) => {
        await sleep(Math.max(0, this.#startedAt + event.atMs + afterMs - Date.now()));
        this.#deliveries++;
        return deliver(bytes, to);
      });
      return (await Promise.all(deliveries)).includes(true);
    });
    // Each of its bodies, where there are two.
    event.acknowledged = !(await Promise.all(all)).includes(false);
  }

  async #inTurn<Result>(request: () => Promise<Result>): Promise<Result> {
    while (this.#underWay >= maxRequests) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay++;
    try {
      return await request();
    } finally {
      this.#underWay--;
      this.#waiting.shift()?.();
    }
  }
}
