import { Duration } from 'aws-cdk-lib';
import { type IWidget, MathExpression, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { burningShare, burnRates } from '../service-levels/burn-rate.ts';
import { budgetOf, type ServiceLevel } from '../service-levels/service-level.ts';
import { graph, period, section } from './graph.ts';
import type { DashboardParts } from './parts.ts';

/** Over how many days a budget counts. */
const days = 30;

/** Both levels: what is left of their budgets, and how much goes wrong now. */
export function showLevels({ levels }: DashboardParts): IWidget[][] {
  return section(
    'Do we keep our levels?',
    new SingleValueWidget({
      title: `Left of the budget of ${days} days, in %`,
      metrics: levels.map(budgetLeft),
      // One value for the whole time, whatever the dashboard shows beside it.
      start: `-P${days}D`,
      setPeriodToTimeRange: true,
      width: 8,
      height: 6,
    }),
    ...levels.map((level) =>
      graph(
        `${level.title}: bad events, in %`,
        [
          new MathExpression({
            expression: `100 * ${level.bad} / ${level.all}`,
            usingMetrics: level.metrics(period),
            label: `bad (${percent(budgetOf(level))} are allowed)`,
            period,
          }),
        ],
        burnRates.map((rate) => ({
          value: 100 * burningShare(level, rate),
          label: `${rate.times} times what is allowed`,
        })),
      ),
    ),
  );
}

/** 100 while nothing went wrong, 0 when all that is allowed did, and less beyond that; nothing if no event came. */
function budgetLeft(level: ServiceLevel): MathExpression {
  const whole = Duration.days(days);
  return new MathExpression({
    expression: `100 - 100 * ${level.bad} / (${budgetOf(level)} * ${level.all})`,
    usingMetrics: level.metrics(whole),
    label: `${level.title} (${100 * level.goal} %)`,
    period: whole,
  });
}

function percent(share: number): string {
  return `${100 * share} %`;
}
