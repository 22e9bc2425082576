import type { Construct } from 'constructs';
import { Monitoring } from '../monitoring/monitoring.ts';
import { type BurnRate, burning, burningShare, burnRates, longWindow, minBad } from './burn-rate.ts';
import type { ServiceLevel } from './service-level.ts';

/** What an alarm of a level says beside its threshold. */
interface LevelText {
  impact: string;
  look: string;
  next: string;
}

/** Watches how fast a level's budget is used up: fast, which pages, and slowly. */
export function addBurnAlarms(scope: Construct, level: ServiceLevel, text: LevelText): void {
  for (const rate of burnRates) {
    Monitoring.of(scope).alarm(`${level.name}${rate.name}`, '', {
      ...text,
      metric: burning(level, rate),
      threshold: 1,
      // The periods are there to be read, and the metric is the same in all of them.
      periods: { of: longWindow, breaching: 1 },
      because: reasonOf(level, rate),
      urgency: rate.urgency,
    });
  }
}

function reasonOf(level: ServiceLevel, rate: BurnRate): string {
  const { times, period } = rate;
  const share = `${Number((100 * burningShare(level, rate)).toFixed(4))} %`;
  const hours = (longWindow * period.toMinutes()) / 60;
  return `more than ${share} of ${hours} h and of the last ${period.toMinutes()} min went wrong, and at least ${minBad} events. That is ${times} times what the level of ${100 * level.goal} % allows.`;
}
