import { lagOf } from '../../../lambda/worker/lag.ts';

const monthMs = 30 * 86_400_000;
const now = 1_790_000_000_000;

test.each([
  ['a usual one', now - 120, 120],
  ['none at all', now, 0],
  ['one of an event from the future', now + 5_000, 0],
  ['one of a time in seconds, read as milliseconds', now / 1_000, monthMs],
  ['one that no number holds', Number.NEGATIVE_INFINITY, monthMs],
  ['one below all', Number.POSITIVE_INFINITY, 0],
  ['the longest', now - monthMs, monthMs],
  ['a little more', now - monthMs - 1, monthMs],
])(
  'an end-to-end time stays within what CloudWatch and a percentile can take: %s',
  (_what, timestamp, counted) => {
    expect(lagOf(timestamp, now)).toBe(counted);
  },
);

test('what is no number does not count', () => {
  expect(lagOf(Number.NaN, now)).toBeUndefined();
});
