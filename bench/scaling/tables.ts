import { type Assumptions, readAssumptions } from '../../cli/cost/assumptions.ts';
import { calls } from '../../cli/cost/calls.ts';
import { guideLadder } from '../../lambda/zavu/delivery.ts';
import { duration, table, whole } from '../markdown.ts';
import { drainSeconds, simulateDrain } from './backlog.ts';
import { simulateEntrance } from './entrance.ts';
import { type Limit, type Load, limitsOf, secondsUntilFull } from './limits.ts';
import { quotas } from './quotas.ts';

/** The settings' defaults (lib/settings/schema.ts), and those of a stack for ten thousand events a second. */
export const settings = {
  default: { throttleRate: 500, throttleBurst: 1_000, workerMaxConcurrency: 10 },
  large: { throttleRate: 10_000, throttleBurst: 5_000, workerMaxConcurrency: 1_000 },
} as const;
export const retryDelaysSeconds = guideLadder.waitsSeconds;

const { assumptions } = readAssumptions();
const receiverSeconds = assumptions.durations.receiver.invocationMs / 1000;
const batch = 10;
const payloadBytes = 2_048;
const claimWrites = Object.keys(calls.worker.event).length;
const publicationWrites = Object.keys(calls.worker.publication).filter((call) =>
  call.startsWith('dynamodb:'),
);

/** Everything that `npm run scaling` prints, which docs/scaling.md shows. */
export function scalingTables(): string {
  return [
    ['Limits, by what a batch of ten takes', limitTable()],
    ['Those that the archive and the bus add or change', optionTable()],
    ['What becomes of ten minutes of events', entranceTable()],
    ['How long a burst takes to be handled', burstTable()],
    ['How long events of one queue may fail', failureTable()],
  ]
    .map(([title, table]) => `${title}\n\n${table}`)
    .join('\n\n');
}

function loadOf(batchSeconds: number, changes: Partial<Load> = {}): Load {
  const { throttleRate, workerMaxConcurrency } = settings.default;
  return {
    throttleRate,
    workerMaxConcurrency,
    batch,
    batchSeconds,
    receiverSeconds,
    busiestShare: busiestOf(assumptions),
    claimWrites,
    messageWrites: 1,
    archivedBytes: 0,
    isPublished: false,
    ...changes,
  };
}

function busiestOf({ shares }: Assumptions): number {
  return Math.max(...Object.values(shares));
}

function limitTable(): string {
  const [quick, slow] = [limitsOf(loadOf(0.1)), limitsOf(loadOf(1))];
  return table(
    ['limit', 'at 0.1 s', 'at 1 s', 'beyond', 'change'],
    slow.map((limit) => [
      limit.name,
      rateOf(limit.name, quick),
      rateOf(limit.name, slow),
      limit.beyond,
      limit.remedy,
    ]),
  );
}

function optionTable(): string {
  const without = limitsOf(loadOf(0.1));
  const options = limitsOf(
    loadOf(0.1, {
      archivedBytes: payloadBytes + assumptions.archive.recordBytes,
      isPublished: true,
      claimWrites: claimWrites + publicationWrites.length,
    }),
  );
  const changed = options.filter(({ name }) => rateOf(name, options) !== rateOf(name, without));
  return table(
    ['limit', 'events a second', 'beyond', 'change'],
    changed.map((limit) => [limit.name, rateOf(limit.name, options), limit.beyond, limit.remedy]),
  );
}

function rateOf(name: string, limits: readonly Limit[]): string {
  return whole(limits.find((limit) => limit.name === name)?.eventsPerSecond ?? 0);
}

function entranceTable(): string {
  const account = quotas.concurrentExecutions.value;
  const cases = [
    { chosen: 'default', perSecond: 1, account },
    { chosen: 'default', perSecond: 100, account },
    { chosen: 'default', perSecond: 1_000, account },
    { chosen: 'default', perSecond: 10_000, account },
    { chosen: 'large', perSecond: 10_000, account },
    { chosen: 'large', perSecond: 10_000, account: 5_000 },
  ] as const;
  return table(
    ['events a second', 'settings', 'quota', 'at the first attempt', 'later', 'lost', 'last one after'],
    cases.map(({ chosen, perSecond, account }) => {
      // The workers take their part: a batch of a tenth of a second for every ten events that are let in.
      const letIn = Math.min(perSecond, settings[chosen].throttleRate);
      const concurrency = account - Math.ceil((letIn / batch) * 0.1);
      const entrance = { ...settings[chosen], receiverSeconds, concurrency };
      const { takenAt, lost, lastAfter } = simulateEntrance(entrance, perSecond, 600);
      const [atOnce, ...later] = takenAt;
      return [
        whole(perSecond),
        chosen,
        whole(account),
        whole(atOnce),
        whole(later.reduce((sum, count) => sum + count, 0)),
        whole(lost),
        duration(lastAfter),
      ];
    }),
  );
}

function burstTable(): string {
  const cases = [
    [10_000, 10, 0.1],
    [10_000, 10, 1],
    [100_000, 10, 1],
    [100_000, 100, 1],
    [1_000_000, 10, 1],
    [1_000_000, 100, 1],
    [1_000_000, 1_000, 1],
    [1_000_000, 100, 10],
  ] as const;
  return table(
    ['events', '`workerMaxConcurrency`', 'a batch takes', 'at most a second', 'formula', 'simulated'],
    cases.map(([waiting, maxConcurrency, batchSeconds]) => {
      const backlog = { waiting, arriving: 0, maxConcurrency, batch, batchSeconds };
      return [
        whole(waiting),
        whole(maxConcurrency),
        `${batchSeconds} s`,
        whole((maxConcurrency * batch) / batchSeconds),
        duration(drainSeconds(backlog)),
        duration(simulateDrain(backlog)),
      ];
    }),
  );
}

function failureTable(): string {
  return table(
    ['fail a second', 'nothing is handed out after'],
    [1, 10, 100, 1_000, 10_000].map((perSecond) => [
      whole(perSecond),
      duration(secondsUntilFull(perSecond, retryDelaysSeconds)),
    ]),
  );
}
