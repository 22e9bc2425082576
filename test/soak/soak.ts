import { parseJson } from '../../lambda/shared/json.ts';
import { orders } from '../e2e/orders.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import type { Queues } from '../support/queues.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { timeoutMs } from '../support/test-timing.ts';
import { type Account, type Effect, judge, type LedgerEntry } from './ledger.ts';
import { Motion } from './motion.ts';
import { planSoak } from './plan.ts';
import { strike } from './strikes.ts';
import { stuckText } from './stuck.ts';
import { type Sent, SoakTraffic } from './traffic.ts';
import { maxWaitMs } from './zavu.ts';

interface SoakOptions {
  seed: number;
  events: number;
  /** Over which they are sent, and faults strike. */
  durationMs: number;
  /** How many times faster than Zavu a refused event is sent again. */
  speed: number;
  /** Told how many events Zavu is done with. */
  onProgress?(done: number): void;
}

export interface SoakResult extends Account {
  /** Those that were planned, and those sent besides for faults and kills that waited still. */
  events: number;
  acknowledged: number;
  /** Requests, by the status of their answer; 0 where there was none. */
  answers: Record<number, number>;
  /** Requests by which Zavu repeated one that got no 2xx. */
  repeatedByZavu: number;
  /** Attempts after which a worker put an event back. */
  retried: number;
  /** Deliveries of an event that was handled before. */
  duplicates: number;
  faults: number;
  kills: number;
}

/** The waits of the workers: enough attempts to outlive every fault, and short. */
const settings = {
  retryDelaysSeconds: '1,1,1,2,2,2,3,3,3,3,3',
  workerMaxConcurrency: '4',
  // The most that a stage takes: what is to be shown is not its throttle.
  throttleRate: '10000',
};

/**
 * Lets Zavu send events to a local run while its services fail and its functions are killed, then waits
 * until the queues are empty and judges what became of every event. It goes on for as long as anything moves.
 *
 * @throws Error where nothing moves any more and a fault was not met, a kill had nothing to kill, or messages are
 *   still queued: with a table of those
 */
export async function soak({
  seed,
  events,
  durationMs,
  speed,
  onProgress,
}: SoakOptions): Promise<SoakResult> {
  const plan = planSoak(seed, events, durationMs);
  const faulty = await FaultyStack.start(settings);
  const { stack } = faulty;
  const { queues } = stack;
  try {
    const traffic = new SoakTraffic(stack, seed, plan.events, speed);
    // What is sent besides the plan goes on for as long as it is waited for.
    const motion = new Motion(
      stack.reports,
      await stillMs(queues, speed),
      ({ id }) => id === undefined || !traffic.isBeside(id),
    );
    const waiting = traffic.planned
      .filter(({ order }) => order === orders.waitToBeKilled)
      .map(({ id }) => id);
    const refusals = () => traffic.answers[503] ?? 0;
    let isOver = false;
    const striking = strike(plan, waiting, faulty, motion, refusals).finally(() => {
      isOver = true;
    });
    const sending = traffic.sendPlan(() => isOver, onProgress).then(() => traffic.sendBesides(() => isOver));
    const [kills] = await Promise.all([striking, sending]);
    await drain(traffic.sent, stack, queues, motion);

    const outcomes = (name: string) => stack.reports.filter(({ event }) => event === name).length;
    const account = judge(await entriesOf(traffic.sent, stack, queues));
    for (const [status, count] of Object.entries(traffic.answers)) {
      if (status.startsWith('4'))
        account.violations.push(`What Zavu signed was refused with ${status}, ${count} times.`);
    }
    return {
      ...account,
      events: traffic.sent.length,
      acknowledged: traffic.sent.filter(({ acknowledged }) => acknowledged).length,
      answers: traffic.answers,
      repeatedByZavu: traffic.repeated,
      retried: outcomes('retried'),
      duplicates: outcomes('duplicate'),
      faults: plan.faults.length,
      kills,
    };
  } finally {
    faulty.recover();
    await faulty.stop();
  }
}

/** How long nothing may move though all is well: the longest wait of SQS, of the workers or of Zavu, and patience. */
async function stillMs(queues: Queues, speed: number): Promise<number> {
  const waitsSeconds = [
    ...(await queues.figures()).map(({ visibilityTimeoutSeconds }) => visibilityTimeoutSeconds),
    ...settings.retryDelaysSeconds.split(',').map(Number),
    maxWaitMs(speed) / 1000,
  ];
  return Math.max(...waitsSeconds) * 1000 + timeoutMs;
}

/** Waits until every worker's queue is empty, messages in flight and hidden ones included. */
async function drain(
  sent: readonly Sent[],
  stack: StartedStack,
  queues: Queues,
  motion: Motion,
): Promise<void> {
  let before = '';
  await motion.until(
    async () => {
      const figures = await queues.figures();
      const now = JSON.stringify(figures);
      if (now !== before) motion.moved();
      before = now;
      return figures.every(({ visible, hidden, delayed }) => visible + hidden + delayed === 0);
    },
    async () => {
      const orderOf = new Map(sent.map(({ id, order }) => [id, order]));
      return stuckText(await queues.figures(), await queues.takeVisible(), stack.reports, orderOf);
    },
  );
}

async function entriesOf(sent: readonly Sent[], stack: StartedStack, queues: Queues): Promise<LedgerEntry[]> {
  const lines = stack.ledger();
  const ended = new Set(lines.flatMap((line) => ('ended' in line ? [line.ended] : [])));
  const effects = new Map<string, Effect[]>();
  for (const line of lines) {
    if (!('id' in line)) continue;
    const effect = { idempotencyKey: line.idempotencyKey, ended: ended.has(line.invocation) };
    effects.set(line.id, [...(effects.get(line.id) ?? []), effect]);
  }
  const unrecorded = new Set(
    stack.reports.flatMap(({ event, line }) => {
      const logged =
        event === 'log' ? (parseJson(line ?? '') as { message?: string; id?: string }) : undefined;
      return logged?.message === 'completion_not_recorded' && logged.id ? [logged.id] : [];
    }),
  );
  const kept = await queues.takeKept();
  return sent.map(({ id, order, bodies, acknowledged }) => ({
    id,
    order,
    keys: bodies.flatMap(({ keys }) => keys),
    acknowledged,
    effects: effects.get(id) ?? [],
    kept: kept.get(id) ?? [],
    unrecorded: unrecorded.has(id),
  }));
}
