import { alternatives } from './alternatives.ts';
import type { Assumptions } from './assumptions.ts';
import { type Bill, billFor } from './bill.ts';
import { prices } from './prices.ts';
import type { StackShape } from './stack-shape.ts';
import type { Traffic, Usage } from './units.ts';
import { upkeepOf } from './usage/fixed.ts';
import { usageOf } from './usage/usage.ts';

/** What a month of a stack costs, and what it would by other ways. */
export interface Estimate {
  traffic: Traffic;
  bill: Bill;
  /** What a month without any event costs. */
  idle: Bill;
  instead: readonly [string, Bill][];
  /** The oldest comparison of a price with AWS's page. */
  pricesAsOf: string;
}

/** Estimates a month. */
export function estimate(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Estimate {
  const using = (of: Traffic): Usage[] => [
    ...usageOf(shape, of, assumptions),
    ...upkeepOf(shape, assumptions, of.events > 0),
  ];
  const usages = using(traffic);
  return {
    traffic,
    bill: billFor(usages),
    idle: billFor(using({ ...traffic, events: 0 })),
    instead: alternatives(usages, using({ ...traffic, batch: 1 })),
    pricesAsOf: Object.values(prices).reduce(
      (oldest, { asOf }) => (asOf < oldest ? asOf : oldest),
      '9999-12',
    ),
  };
}
