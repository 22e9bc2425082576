import { LeaseLost, leaseMs } from '../../lambda/reconcile/progress/lease.ts';
import type { Report } from '../../lambda/reconcile/report.ts';
import type { End } from '../support/reconcile/ending.ts';
import type { SimulatedProject, SimulatedZavu } from '../support/reconcile/simulated-project.ts';
import type { Draw } from '../support/zavu-api/history/draw.ts';

/** Fewer calls than the shortest whole run makes with something to recover. */
const fewCalls = 50;

/** The runs of a project, of which many do not come to their end as they should. */
export class DrawnRuns {
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

/** Whether a run came to its end. */
export function isReport(run: Report | 'ended' | undefined): run is Report {
  return run !== undefined && run !== 'ended';
}
