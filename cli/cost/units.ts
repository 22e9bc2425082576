import type { PriceName } from './prices.ts';

/** Units of something that has a price, and what they are used for. */
export interface Usage {
  component: string;
  price: PriceName;
  units: number;
}

/** A month of 730 hours, as AWS's price pages have it. */
export const secondsAMonth = 730 * 3600;
export const daysAMonth = 730 / 24;
export const gigabyte = 1024 ** 3;
export const kilobyte = 1024;

/** How many chunks of 64 KB a request has: SQS and EventBridge charge for each of them. */
export function chunksOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * kilobyte)));
}
