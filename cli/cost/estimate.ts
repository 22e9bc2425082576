import type { Assumptions } from './assumptions.ts';
import { type Bill, billFor } from './bill.ts';
import { prices } from './prices.ts';
import type { StackShape } from './stack-shape.ts';
import type { Traffic } from './traffic.ts';
import { recoveredUsage } from './usage/reconcile.ts';
import { usageOf } from './usage/usage.ts';

/** What a month of a stack costs. */
export interface Estimate {
  traffic: Traffic;
  bill: Bill;
  /** What a month without any event costs. */
  idle: Bill;
  /** What a thousand recovered events cost at most; undefined if the stack does not reconcile. */
  perThousandRecovered: number | undefined;
  /** When the price that was checked least recently was compared with AWS's page. */
  pricesAsOf: string;
}

/** Estimates a month. */
export function estimate(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Estimate {
  const billOf = (month: Traffic) => billFor(usageOf(shape, month, assumptions));
  return {
    traffic,
    bill: billOf(traffic),
    idle: billOf({ ...traffic, events: 0 }),
    perThousandRecovered: shape.reconciler
      ? billFor(recoveredUsage(shape, { ...traffic, events: 1000 }, assumptions)).total
      : undefined,
    pricesAsOf: Object.values(prices).reduce(
      (oldest, { asOf }) => (asOf < oldest ? asOf : oldest),
      '9999-12',
    ),
  };
}
