import { visibilityTimeoutFor } from '../../../cli/dead-letters/scan-queue.ts';

test.each([
  ['a few are hidden for half a minute', 10, Number.POSITIVE_INFINITY, 31],
  ['many for as long as it takes to receive them', 10_000, Number.POSITIVE_INFINITY, 130],
  ['for as long as it takes to work on them, too', 1_000, 5, 240],
  ['none for more than a quarter of an hour', 100_000, 50, 900],
])('%s', (_what, messages, perSecond, expected) => {
  expect(visibilityTimeoutFor(messages, perSecond)).toBe(expected);
});
