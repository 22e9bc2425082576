import { soak } from '../soak/soak.ts';

/** `npm run soak`, half a minute of it and the time until all is quiet, with a plan that stays the same. */
test('whatever fails or dies: nothing acknowledged is lost, nothing is handled twice without reason', async () => {
  const result = await soak({ seed: 2, events: 800, durationMs: 30_000, speed: 600 });

  expect(result.violations).toEqual([]);
  expect(result.lost).toBe(0);
  const { handled, setAside, parked, unacknowledged } = result;
  expect(handled + setAside + parked + unacknowledged).toBe(800);

  // It proves something only if it hurt.
  expect(result.answers[503]).toBeGreaterThan(0);
  expect(result.repeatedByZavu).toBeGreaterThan(0);
  expect(result.retried).toBeGreaterThan(0);
  expect(result.duplicates).toBeGreaterThan(0);
  expect(result.kills).toBeGreaterThan(0);
  expect(result.repeated.died.length).toBeGreaterThan(0);
  expect(result.reasons).toMatchObject({ permanent_failure: expect.any(Number) });
}, 400_000);
