import { LeaseLost, leaseMs } from '../../lambda/reconcile/progress/lease.ts';
import { type Report, recoveredIn } from '../../lambda/reconcile/report.ts';
import { settledAfterMs } from '../../lambda/reconcile/window.ts';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import type { End } from '../support/reconcile/ending.ts';
import {
  type Arrival,
  hourMs,
  loadDay,
  type SimulatedProject,
  type SimulatedZavu,
  settledDayMs,
} from '../support/reconcile/simulated-project.ts';
import { Draw } from '../support/zavu-api/history/draw.ts';
import type { LateOriginal, OutageLedger } from './outage-ledger.ts';

interface OutageProps {
  /** Of the day and of all that is drawn besides. */
  seed: number;
  /** How many messages the day has. */
  messages: number;
  /** Told how many of its hours are over, of {@link hoursOfDay}. */
  onHour?(hours: number): void;
}

/** A simulated day and the time after it, until all is settled, in hours. */
export const hoursOfDay = settledDayMs / hourMs;

/** Fewer calls than the shortest whole run makes with something to recover. */
const fewCalls = 50;

/**
 * Lets a day pass in a project of Zavu, of which three hours of webhooks do not arrive. Reconciling runs each hour, as it is
 * deployed. Half of its runs end at a drawn call, of some there are two at once, and some are overtaken after their lease
 * has expired. The workers drain their queues now and then. Some originals come late: within the ladder, or so much later
 * that they may have been rebuilt.
 */
export async function soakOutage(zavu: SimulatedZavu, props: OutageProps): Promise<OutageLedger> {
  const { seed, messages, onHour } = props;
  const draw = new Draw(seed);
  const project = zavu.project({ hasClaims: true });
  const since = project.clock.now();
  const runs = new DrawnRuns(zavu, project, draw);
  const requestsBefore = zavu.api.requests.length;
  // Only begins.
  await project.run();
  const late: Omit<LateOriginal, 'outcome'>[] = [];
  const arrival = arrivalOf(draw, late);
  const lost = loadDay(project, { seed, messages, outageHour: draw.between(1, 8), arrival });

  for (let hour = 1; hour <= hoursOfDay; hour++) {
    await project.pass(hourMs);
    await runs.next();
    if (draw.chance(0.5)) await project.drain();
    onHour?.(hour);
  }
  await runs.untilComplete();
  await project.drain();
  const missing = project.missing(since);
  const second = await project.run();
  await project.drain();

  const { workers } = project;
  const handled = new Set(workers.runs);
  return {
    seed,
    messages,
    lost,
    late: late.map(({ id, isInLadder }) => ({
      id,
      isInLadder,
      outcome: workers.superseded.has(id) ? 'superseded' : handled.has(id) ? 'handled' : 'lost',
    })),
    recovered: [...handled].filter((id) => id.startsWith('reconciled:')).length,
    recoveredBySecondRun: isReport(second) && second.isComplete ? recoveredIn(second) : Number.NaN,
    missing,
    handledTwice: [
      ...workers.handledTwice,
      ...[...Map.groupBy(workers.runs, (id) => id)].flatMap(([id, runs]) => (runs.length > 1 ? [id] : [])),
    ],
    needless: workers.needless,
    bounds: [...runs.bounds],
    runs: runs.counts,
    requests: zavu.api.requests.length - requestsBefore,
  };
}

/** Draws which webhooks of the outage arrive after all, and when. */
function arrivalOf(draw: Draw, late: Omit<LateOriginal, 'outcome'>[]): Arrival {
  const ladderMs = longestLadder.seconds * 1000;
  return ({ at, envelope: { id } }, outage) => {
    const share = draw.fraction();
    if (share > 0.3) return undefined;
    const isInLadder = share < 0.15;
    late.push({ id, isInLadder });
    return isInLadder
      ? draw.between(outage.to + 1, at + ladderMs)
      : at + settledAfterMs + draw.between(hourMs, 12 * hourMs);
  };
}

const isReport = (run: Report | 'ended' | undefined): run is Report => run !== undefined && run !== 'ended';

/** The runs of a project, of which many do not come to their end as they should. */
class DrawnRuns {
  readonly counts = { whole: 0, endedEarly: 0, twoAtOnce: 0, overtaken: 0 };
  readonly bounds = new Set<string>();
  readonly #zavu: SimulatedZavu;
  readonly #project: SimulatedProject;
  readonly #draw: Draw;
  /** Of the longest run that came to its end, and of the last one. Ends are drawn out of all of their calls. */
  #longest = { calls: fewCalls, requests: fewCalls / 2 };
  #last = this.#longest;

  constructor(zavu: SimulatedZavu, project: SimulatedProject, draw: Draw) {
    this.#zavu = zavu;
    this.#project = project;
    this.#draw = draw;
  }

  async next(): Promise<void> {
    const share = this.#draw.fraction();
    if (share < 0.5) await this.#run(this.#end());
    else if (share < 0.65) await this.#twoAtOnce();
    else if (share < 0.75) await this.#overtaken();
    else await this.#run();
  }

  /** Runs until one comes to its end. At first they end early. */
  async untilComplete(): Promise<void> {
    await this.#run(this.#end());
    await this.#run(this.#end());
    await this.#run();
  }

  #end(): End {
    const { calls } = this.#draw.oneOf([this.#longest, this.#last]);
    return { call: this.#draw.between(1, calls), isDone: this.#draw.chance(0.5) };
  }

  async #run(end?: End): Promise<void> {
    const before = this.#zavu.api.requests.length;
    const run = await this.#project.run(end ? { end } : {});
    this.#count(run);
    if (!isReport(run)) return;
    this.#last = { calls: this.#project.calls, requests: this.#zavu.api.requests.length - before };
    if (this.#last.calls > this.#longest.calls) this.#longest = this.#last;
  }

  /** One of them may end early: the other one has left by then, because it found the lease taken. */
  async #twoAtOnce(): Promise<void> {
    const end = this.#draw.chance(0.5) ? { end: this.#end() } : {};
    const runs = await Promise.all([this.#project.run(end), this.#project.run()]);
    for (const run of runs) this.#count(run);
    if (runs.includes(undefined)) this.counts.twoAtOnce++;
  }

  /** A run waits so long for an answer that its lease expires, and another one is made meanwhile. */
  async #overtaken(): Promise<void> {
    let left = this.#draw.between(1, this.#draw.oneOf([this.#longest, this.#last]).requests);
    this.#zavu.api.onRequest = async () => {
      if (--left > 0) return undefined;
      this.#zavu.api.onRequest = () => undefined;
      this.#project.clock.advance(leaseMs);
      this.#count(await this.#project.run());
      return undefined;
    };
    try {
      this.#count(await this.#project.run());
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      this.counts.overtaken++;
    } finally {
      this.#zavu.api.onRequest = () => undefined;
    }
  }

  #count(run: Report | 'ended' | undefined): void {
    if (run === 'ended') this.counts.endedEarly++;
    if (!isReport(run)) return;
    this.counts.whole++;
    for (const bound of [...run.bounds, ...run.unordered]) this.bounds.add(bound);
  }
}
