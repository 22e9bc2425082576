import { createRateLimiter } from '../../../cli/shared/rate.ts';

test('items are let through no faster than told, each call for as many as it says', async () => {
  const turn = createRateLimiter(100, new AbortController().signal);
  const startedAt = performance.now();
  // The first goes at once; the second waits for its five items, the third for one more.
  await Promise.all([turn(5), turn(), turn()]);
  // Timers may be early by less than a millisecond.
  expect(performance.now() - startedAt).toBeGreaterThan(59);
});

test('who waits for a turn is told at once that it is over', async () => {
  const ending = new AbortController();
  const turn = createRateLimiter(0.001, ending.signal);
  expect(await turn()).toBe(true);
  const waiting = turn();
  ending.abort();
  expect(await waiting).toBe(false);
  expect(await turn()).toBe(false);
});
