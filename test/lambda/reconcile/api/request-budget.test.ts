import fc from 'fast-check';
import { RequestBudget } from '../../../../lambda/reconcile/api/request-budget.ts';
import { HandClock } from '../../../support/hand-clock.ts';

const minuteMs = 60_000;

test('never more begin in any minute than it has, and no sooner than somebody holds it', async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), pauses, async (perMinute, pausesMs) => {
      const clock = new HandClock();
      const budget = new RequestBudget({
        perMinute,
        clock: () => clock.now(),
        // As a timer may, it ends a little early.
        sleep: async (ms) => clock.advance(Math.ceil(ms * 0.9)),
      });
      const begun: number[] = [];
      const heldUntil = clock.now() + 5000;
      budget.holdUntil(heldUntil);
      await Promise.all(
        pausesMs.map(async (pauseMs) => {
          await budget.take();
          begun.push(clock.now());
          clock.advance(pauseMs);
        }),
      );
      expect(begun).toHaveLength(pausesMs.length);
      expect(begun[0]).toBeGreaterThanOrEqual(heldUntil);
      for (const [index, at] of begun.entries()) {
        const next = begun[index + perMinute];
        if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(minuteMs);
      }
    }),
  );
});

test('as many as it has begin at once', async () => {
  const sleep = jest.fn(async () => undefined);
  const budget = new RequestBudget({ perMinute: 3, clock: () => 0, sleep });
  await Promise.all([budget.take(), budget.take(), budget.take()]);
  expect(sleep).not.toHaveBeenCalled();
});

test('one that does not wait to the end leaves its place to the next one', async () => {
  const clock = new HandClock();
  let isBroken = true;
  const budget = new RequestBudget({
    perMinute: 1,
    clock: () => clock.now(),
    async sleep(ms) {
      if (isBroken) throw new Error('The run ends.');
      clock.advance(ms);
    },
  });
  await budget.take();
  await expect(budget.take()).rejects.toThrow('The run ends.');
  isBroken = false;
  await budget.take();
});
