import { costOf, type Price, type PriceName, prices } from './prices.ts';
import type { Usage } from './units.ts';

/** What a month costs, in dollars. */
export interface Bill {
  /** By component, in the order of the usages. */
  components: readonly { component: string; usd: number }[];
  total: number;
  /** The part of the total that AWS does not charge, if nothing else in the account uses its free tier. */
  free: number;
}

/**
 * Prices what was used. Tiered prices apply to the total of a price, and are then split by use.
 *
 * @param table the price table. @default AWS's list prices; tests give another one
 */
export function billFor(usages: readonly Usage[], table: Readonly<Record<PriceName, Price>> = prices): Bill {
  const totals = new Map<PriceName, number>();
  for (const { price, units } of usages) totals.set(price, (totals.get(price) ?? 0) + units);

  const components = new Map<string, number>();
  for (const { component, price, units } of usages) {
    const total = totals.get(price) ?? 0;
    const usd = total === 0 ? 0 : (units / total) * costOf(total, table[price]);
    components.set(component, (components.get(component) ?? 0) + usd);
  }
  const free = [...totals].reduce((sum, [price, total]) => {
    const charged = Math.max(0, total - (table[price].free ?? 0));
    return sum + costOf(total, table[price]) - costOf(charged, table[price]);
  }, 0);
  const list = [...components].map(([component, usd]) => ({ component, usd }));
  return { components: list, total: list.reduce((sum, { usd }) => sum + usd, 0), free };
}
