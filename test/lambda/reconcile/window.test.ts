import { lateAfterMs, minClaimDays } from '../../../lambda/idempotency/subject-claim.ts';
import { longestLookBackMs, settledAfterMs } from '../../../lambda/reconcile/window.ts';
import { longestLadder } from '../../../lambda/zavu/delivery.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestFunctionMs = 15 * 60_000;

test('nothing is rebuilt while Zavu may still send its original, and 6 hours are promised', () => {
  expect(settledAfterMs).toBe(6 * 3_600_000);
  expect(settledAfterMs).toBeGreaterThan(longestLadder.seconds * 1000 + longestFunctionMs);
});

test('an original that claims nothing has been recorded long before reconcile looks', () => {
  // It was dated up to 4 hours after what it tells of.
  expect(lateAfterMs + longestFunctionMs + 4 * 3_600_000).toBeLessThan(settledAfterMs);
});

test('a claim outlives the look back', () => {
  expect(minClaimDays * 86_400_000).toBeGreaterThanOrEqual(longestLookBackMs + 86_400_000);
});
