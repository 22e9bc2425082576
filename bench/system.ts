import { setTimeout as sleep } from 'node:timers/promises';
import { type Delivery, deliverAtOnce, deliverAtRate, type LoadTarget } from './load.ts';
import { cpuSecondsOf } from './processes.ts';

/** Something that takes webhooks and handles them, in processes of its own. */
export interface System extends LoadTarget {
  /** When each event was first handled, on the clock of `performance.now()`. */
  readonly handledAt: ReadonlyMap<string, number>;
  /** How often each event was handled. */
  effects(): ReadonlyMap<string, number>;
  /** The processes that do the work. */
  pids(): readonly number[];
  /** Kills its processes as a machine that fails does. Others take their place. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Uses a system, and stops it. */
export async function withSystem<Used extends System, Result>(
  starting: Promise<Used>,
  use: (system: Used) => Promise<Result>,
): Promise<Result> {
  const system = await starting;
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

export interface Throughput {
  events: number;
  /** From the first request to the last event handled. */
  perSecond: number;
  /** Milliseconds of processor time for an event, of the processes that do the work. */
  cpuMsPerEvent: number;
  answerMs: Percentiles;
}

export interface Percentiles {
  p50: number;
  p99: number;
}

/** How long it may take until everything is handled. */
const timeoutMs = 300_000;

/** As many events as it takes: so many requests at once, until all are handled. */
export async function measureThroughput(system: System, events: number, atOnce: number): Promise<Throughput> {
  const cpu = cpuSecondsOf(system.pids());
  const startedAt = performance.now();
  const deliveries = await deliverAtOnce(system, atOnce, (sent) => sent < events);
  await allHandled(system, deliveries);
  const seconds = (lastHandled(system, deliveries) - startedAt) / 1000;
  return {
    events,
    perSecond: events / seconds,
    cpuMsPerEvent: ((cpuSecondsOf(system.pids()) - cpu) * 1000) / events,
    answerMs: percentiles(deliveries.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
  };
}

export interface Latency {
  perSecond: number;
  answerMs: Percentiles;
  /** From the request to the event handled. */
  handledMs: Percentiles;
}

/** At a rate that it can bear: how long an event takes. */
export async function measureLatency(system: System, perSecond: number, seconds: number): Promise<Latency> {
  const deliveries = await deliverAtRate(system, perSecond, perSecond * seconds);
  await allHandled(system, deliveries);
  return {
    perSecond,
    answerMs: percentiles(deliveries.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
    handledMs: percentiles(
      deliveries.map(({ id, sentAt }) => (system.handledAt.get(id) ?? Number.NaN) - sentAt),
    ),
  };
}

export interface Survival {
  events: number;
  kills: number;
  /** Events that were acknowledged and never handled. */
  lost: number;
  /** Events that were handled more than once. */
  doubled: number;
}

/** Under load, with its processes killed again and again. */
export async function measureSurvival(system: System, kills: number): Promise<Survival> {
  let sending = true;
  const sent = deliverAtOnce(system, 16, () => sending);
  for (let kill = 0; kill < kills; kill++) {
    await sleep(3_000);
    await system.kill();
  }
  await sleep(1_000);
  sending = false;
  const deliveries = await sent;
  // What is not handled by now and comes no nearer is lost.
  await quiet(() => deliveries.filter(({ id }) => !system.handledAt.has(id)).length, 45_000);
  const effects = system.effects();
  return {
    events: deliveries.length,
    kills,
    lost: deliveries.filter(({ id }) => !effects.has(id)).length,
    doubled: deliveries.filter(({ id }) => (effects.get(id) ?? 0) > 1).length,
  };
}

async function allHandled(system: System, deliveries: readonly Delivery[]): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!deliveries.every(({ id }) => system.handledAt.has(id))) {
    if (performance.now() > deadline) {
      const missing = deliveries.filter(({ id }) => !system.handledAt.has(id)).length;
      throw new Error(`${missing} events of ${deliveries.length} were not handled in time.`);
    }
    await sleep(20);
  }
}

/** Waits until a number is 0, or has stayed the same for so long. */
async function quiet(left: () => number, forMs: number): Promise<void> {
  let [before, since] = [left(), performance.now()];
  while (before > 0 && performance.now() - since < forMs) {
    await sleep(100);
    const now = left();
    if (now !== before) [before, since] = [now, performance.now()];
  }
}

function lastHandled(system: System, deliveries: readonly Delivery[]): number {
  return Math.max(...deliveries.map(({ id }) => system.handledAt.get(id) ?? 0));
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
