import { costOf, type Price, type PriceName, prices } from './prices.ts';
import type { Usage } from './units.ts';

/** What a month costs, in dollars. */
export interface Bill {
  /** By component, in the order in which they came. */
  components: readonly { component: string; usd: number }[];
  total: number;
  /** What AWS does not charge of it, where nothing else in the account uses its free tier. */
  free: number;
}

/**
 * Prices what was used. What has a lower price beyond some amount is added up first, and shared out by what each used.
 *
 * @param table the price table; another one in tests
 */
export function billFor(usages: readonly Usage[], table: Readonly<Record<PriceName, Price>> = prices): Bill {
  const units = new Map<PriceName, number>();
  for (const { price, units: used } of usages) units.set(price, (units.get(price) ?? 0) + used);

  const components = new Map<string, number>();
  for (const { component, price, units: used } of usages) {
    const all = units.get(price) ?? 0;
    const usd = all === 0 ? 0 : (used / all) * costOf(all, table[price]);
    components.set(component, (components.get(component) ?? 0) + usd);
  }
  const free = [...units].reduce((sum, [price, all]) => {
    const charged = Math.max(0, all - (table[price].free ?? 0));
    return sum + costOf(all, table[price]) - costOf(charged, table[price]);
  }, 0);
  const list = [...components].map(([component, usd]) => ({ component, usd }));
  return { components: list, total: list.reduce((sum, { usd }) => sum + usd, 0), free };
}
