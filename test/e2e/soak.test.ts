import { planSoak } from '../soak/plan.ts';
import { soak } from '../soak/soak.ts';
import { orders } from './orders.ts';

/** `npm run soak`, a quarter of a minute of it and the time until all is quiet, with a plan that stays the same. */
const plan = { seed: 2, events: 500, durationMs: 15_000 };

test('whatever fails or dies: nothing acknowledged is lost, nothing is handled twice without reason', async () => {
  const { faults, kills, events } = planSoak(plan.seed, plan.events, plan.durationMs);
  const waiting = events.filter(({ order }) => order === orders.waitToBeKilled);
  const result = await soak({ ...plan, speed: 600 });

  // As many as a screen has room for.
  expect(result.violations.slice(0, 20)).toEqual([]);
  expect(result.lost).toBe(0);
  const { handled, deadLetter, unrouted, unacknowledged } = result;
  expect(handled + deadLetter + unrouted + unacknowledged).toBe(result.events);
  expect(result.events).toBeGreaterThanOrEqual(plan.events);

  // It proves something only if it hurt, which the plan sees to: each fault was met, each kill found its victim.
  expect(result.faults).toBe(faults.length);
  expect(result.kills).toBe(kills.length + waiting.length);
  expect(result.answers[503]).toBeGreaterThan(0);
  expect(result.repeatedByZavu).toBeGreaterThan(0);
  expect(result.retried).toBeGreaterThan(0);
  expect(result.duplicates).toBeGreaterThan(0);
  expect(result.repeated.died.length).toBeGreaterThan(0);
  expect(result.reasons).toMatchObject({ permanent_failure: expect.any(Number) });
  // It waits for as long as anything moves, and says what does not: no limit of its own would be right.
}, 3_600_000);
