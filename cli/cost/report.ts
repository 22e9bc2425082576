import type { Estimate } from './estimate.ts';
import type { Traffic } from './traffic.ts';

/** An estimate in one line. */
export function summaryOf({ traffic, bill, idle }: Estimate): string {
  return (
    `${describe(traffic)}: $${bill.total.toFixed(2)} a month, ` +
    `$${perMillion(bill.total, traffic).toFixed(2)} per million; ` +
    `$${(bill.total - bill.free).toFixed(2)} after the free tier. Idle: $${idle.total.toFixed(2)}.`
  );
}

/** An estimate as a table for people. */
export function tableOf(estimate: Estimate): string {
  const { traffic, bill } = estimate;
  const row = (name: string, usd: number) =>
    `  ${name.padEnd(26)}${usd.toFixed(2).padStart(12)}${perMillion(usd, traffic).toFixed(3).padStart(14)}`;
  return [
    `  ${''.padEnd(26)}${'$ a month'.padStart(12)}${'$ a million'.padStart(14)}`,
    ...bill.components.map(({ component, usd }) => row(component, usd)),
    row('all', bill.total),
    row('free tier', -bill.free),
    row('after it', bill.total - bill.free),
  ].join('\n');
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
