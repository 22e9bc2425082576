import { table } from '../shared/table.ts';
import type { Estimate } from './estimate.ts';
import type { Traffic } from './traffic.ts';

/** An estimate in one line. */
export function estimateInOneLine({ traffic, bill, idle }: Estimate): string {
  return (
    `${describe(traffic)}: $${bill.total.toFixed(2)} a month, ` +
    `$${perMillion(bill.total, traffic).toFixed(2)} per million; ` +
    `$${(bill.total - bill.free).toFixed(2)} after the free tier. Idle: $${idle.total.toFixed(2)}.`
  );
}

/** The bill as a table: each component, the total, and what the free tier takes off it. */
export function billTable({ traffic, bill }: Estimate): string {
  const row = (name: string, usd: number) => [name, usd.toFixed(2), perMillion(usd, traffic).toFixed(3)];
  const rows = [
    ...bill.components.map(({ component, usd }) => row(component, usd)),
    row('total', bill.total),
    row('free tier', -bill.free),
    row('total after the free tier', bill.total - bill.free),
  ];
  return table(['component', '$ a month', '$ a million'], rows, { align: ['left', 'right', 'right'] });
}

function describe({ events, payloadBytes, batch }: Traffic): string {
  const size = payloadBytes >= 1024 ? `${payloadBytes / 1024} KB` : `${payloadBytes} B`;
  return `${short(events)} events a month of ${size}, in batches of ${batch}`;
}

/** 10M, 2.5M, 500k. */
function short(count: number): string {
  if (count >= 1e9) return `${count / 1e9}G`;
  if (count >= 1e6) return `${count / 1e6}M`;
  return count >= 1e3 ? `${count / 1e3}k` : String(count);
}

function perMillion(usd: number, { events }: Traffic): number {
  return events === 0 ? 0 : (usd / events) * 1e6;
}
