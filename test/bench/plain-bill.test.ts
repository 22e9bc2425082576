import { plainBill } from '../../bench/plain-bill.ts';
import { readAssumptions } from '../../cli/cost/assumptions.ts';

const { assumptions } = readAssumptions();
const use = {
  memoryMb: { receiver: 1024, worker: 512 },
  durations: {
    receiver: { initMs: 0, invocationMs: 100 },
    worker: { initMs: 0, batchMs: 100, eventMs: 10 },
  },
  calls: {
    request: { SendMessage: 1 },
    event: { PutItem: 1, UpdateItem: 1 },
    duplicate: { PutItem: 1 },
  },
  logBytes: { request: 1024, event: 512, batch: 5120 },
};
/** Without duplicates, failures and cold starts, so that a person can compute it. */
const even = { ...assumptions, rates: { duplicates: 0, failedAttempts: 0, lateEvents: 0, coldStarts: 0 } };
const million = { events: 1_000_000, payloadBytes: 2048, batch: 10 };

function usdOf(given: typeof assumptions, component: string): number | undefined {
  const { components } = plainBill(use, million, given);
  return components.find((each) => each.component === component)?.usd;
}

test('a month of the plain stack is its calls, milliseconds and log lines, at the prices of AWS', () => {
  // A million sends, and a receive and a delete for each of 100,000 batches.
  expect(usdOf(even, 'SQS')).toBeCloseTo(1.2 * 0.4, 6);
  // A million requests, and 100,000 s with 1 GB.
  expect(usdOf(even, 'receiver')).toBeCloseTo(0.2 + 100_000 * 0.0000133334, 6);
  // 100,000 batches of 200 ms with half a GB.
  expect(usdOf(even, 'workers')).toBeCloseTo(0.02 + 10_000 * 0.0000133334, 6);
  expect(usdOf(even, 'metrics')).toBeCloseTo(0.3, 6);
  // 1,024 + 512 + 512 bytes for an event, and what of them is stored for two years.
  const gigabytes = (2048 * 1_000_000) / 1024 ** 3;
  const stored = gigabytes * assumptions.logCompression * (731 / (730 / 24));
  expect(usdOf(even, 'logs')).toBeCloseTo(gigabytes * 0.5 + stored * 0.03, 6);
});

test('duplicates and failed attempts write to the table, too', () => {
  const before = usdOf(even, 'idempotency table') ?? 0;
  const rates = { duplicates: 0.1, failedAttempts: 0.01, lateEvents: 0, coldStarts: 0 };
  const after = usdOf({ ...even, rates }, 'idempotency table') ?? 0;
  expect(before).toBeCloseTo(2 * 0.625, 2);
  expect(after - before).toBeCloseTo((0.1 + 2 * 0.01) * 0.625, 6);
});
