import fc from 'fast-check';
import { TokenBucket } from '../../../../local/runtime/http-api/token-bucket.ts';

/** A bucket, and a clock that only the test moves. */
function bucketOf(rate: number, burst: number) {
  let now = 0;
  const bucket = new TokenBucket(rate, burst, () => now);
  const takes = (times: number) => Array.from({ length: times }, () => bucket.take()).filter(Boolean).length;
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { takes, pass };
}

test('a burst passes at once, and then what comes back each second', () => {
  const { takes, pass } = bucketOf(2, 5);
  expect(takes(10)).toBe(5);
  pass(499);
  expect(takes(1)).toBe(0);
  pass(1);
  expect(takes(10)).toBe(1);
  pass(1000);
  expect(takes(10)).toBe(2);
});

test('it never holds more than its burst', () => {
  const { takes, pass } = bucketOf(100, 3);
  pass(3_600_000);
  expect(takes(10)).toBe(3);
});

test('in any time, at most the burst and the rate of that time pass', () => {
  const steps = fc.array(fc.record({ wait: fc.nat(3_000), times: fc.nat(20) }), { maxLength: 50 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      steps,
      (rate, burst, all) => {
        const { takes, pass } = bucketOf(rate, burst);
        let [passed, elapsed] = [0, 0];
        for (const { wait, times } of all) {
          pass(wait);
          elapsed += wait;
          const taken = takes(times);
          passed += taken;
          // Whoever asks for no more than is sure to have come back is never refused.
          expect(taken).toBeGreaterThanOrEqual(Math.min(times, burst, Math.floor((wait / 1000) * rate)));
          expect(passed).toBeLessThanOrEqual(burst + (elapsed / 1000) * rate + 1e-6);
        }
      },
    ),
  );
});
