import { recoveredIn } from '../../lambda/reconcile/report.ts';
import { settledAfterMs } from '../../lambda/reconcile/window.ts';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { loadDay, settledDayMs } from '../support/reconcile/simulated-day.ts';
import { type Arrival, hourMs, type SimulatedZavu } from '../support/reconcile/simulated-project.ts';
import { Draw } from '../support/zavu-api/history/draw.ts';
import { DrawnRuns, isReport } from './drawn-runs.ts';
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
