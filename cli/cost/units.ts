import type { PriceName } from './prices.ts';

/** What a month brings. */
export interface Traffic {
  /** Events that are new. Copies and failed attempts come on top (`rates` of the assumptions). */
  events: number;
  /** An event's JSON, in bytes. */
  payloadBytes: number;
  /** Messages that a worker is given at once, on average. */
  batch: number;
}

/** Units of something that has a price, and what they are used for. */
export interface Usage {
  component: string;
  price: PriceName;
  units: number;
}

export const secondsAMonth = 730 * 3600;
export const daysAMonth = 730 / 24;
export const gigabyte = 1024 ** 3;
export const kilobyte = 1024;
