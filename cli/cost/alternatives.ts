import { type Bill, billFor } from './bill.ts';
import type { Usage } from './units.ts';

/** The same events by other ways, each with what a month of it costs in all. */
export function alternatives(usages: readonly Usage[], inSingles: readonly Usage[]): [string, Bill][] {
  const ofApi = (usage: Usage) => usage.price === 'httpApi';
  const rest = usages.map((usage): Usage => (ofApi(usage) ? { ...usage, price: 'restApi' } : usage));
  return [
    ['through a REST API', billFor(rest)],
    ['through a Function URL', billFor(usages.filter((usage) => !ofApi(usage)))],
    ['in batches of one', billFor(inSingles)],
  ];
}

/**
 * What hosted gateways publish. They do other things besides: a console, retries to any URL, support; and
 * handlers still run somewhere. The prices are transcripts of their pages, not seen since.
 */
export const hosted = [
  {
    name: 'Svix Ingest',
    price: '$0.0001 per attempted message after 50,000 a month: $100 per million',
    source: 'https://www.svix.com/pricing/',
    asOf: '2026-05',
  },
  {
    name: 'Hookdeck Event Gateway',
    price: 'plans from $39 (7 days kept) and $499 a month (30 days), and a rate by events',
    source: 'https://hookdeck.com/pricing',
    asOf: '2026-09',
  },
  {
    name: 'Convoy, self-hosted',
    price: '$999 a month, and servers; free for one user',
    source: 'https://www.getconvoy.io/pricing',
    asOf: '2026-09',
  },
  {
    name: 'Hook0, which sends webhooks only',
    price: 'EUR 100 a month and more',
    source: 'https://www.hook0.com/',
    asOf: '2026-11',
  },
] as const;
