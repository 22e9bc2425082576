import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import fc from 'fast-check';
import { drainSeconds, simulateDrain } from '../../bench/scaling/backlog.ts';
import { simulateEntrance } from '../../bench/scaling/entrance.ts';
import { failuresPerSecond, type Load, limitsOf, secondsUntilFull } from '../../bench/scaling/limits.ts';
import { quotas, quotasAsOf } from '../../bench/scaling/quotas.ts';
import { retryDelaysSeconds, scalingTables, settings } from '../../bench/scaling/tables.ts';
import { readAssumptions } from '../../cli/cost/assumptions.ts';
import { estimate } from '../../cli/cost/estimate.ts';
import { summaryOf } from '../../cli/cost/report.ts';
import { shapeOf } from '../../cli/cost/stack-shape.ts';
import { readSettings } from '../../lib/settings/settings.ts';
import { synthesize } from '../support/template.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/scaling.md'), 'utf8');
/** Biome and people align the columns of a table; what it says is the same. */
const unaligned = (text: string) => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');

describe('the backlog', () => {
  const one = { waiting: 10_000, arriving: 0, maxConcurrency: 5, batch: 10, batchSeconds: 1 };

  test('by hand: ten thousand messages, five batches of ten at once, a second each', () => {
    // 10,000 x 1 s / (5 x 10), without a ramp.
    expect(drainSeconds(one)).toBeCloseTo(200, 6);
    // With 105: 1,000 s of work and 100²/10 that the ramp wants, less than its 20 s: 2.5 t² + 5 t = 1,000.
    expect(drainSeconds({ ...one, maxConcurrency: 105 })).toBeCloseTo(19.025, 2);
    // 25 messages a second take 2.5 of the 5 batches.
    expect(drainSeconds({ ...one, arriving: 25 })).toBeCloseTo(400, 6);
  });

  test('never shrinks where more arrives than is handled', () => {
    const flood = { ...one, arriving: 50 };
    expect(drainSeconds(flood)).toBe(Number.POSITIVE_INFINITY);
    expect(simulateDrain(flood)).toBe(Number.POSITIVE_INFINITY);
  });

  test('formula and simulation agree', () => {
    const backlogs = fc
      .record({
        waiting: fc.integer({ min: 100, max: 200_000 }),
        busy: fc.double({ min: 0, max: 0.8, noNaN: true }),
        maxConcurrency: fc.integer({ min: 2, max: 1_000 }),
        batch: fc.integer({ min: 1, max: 10 }),
        batchSeconds: fc.double({ min: 0.05, max: 30, noNaN: true }),
      })
      .map(({ busy, ...backlog }) => ({
        ...backlog,
        // Never more than the first pollers handle: else messages pile up that nobody asks about here.
        arriving: (busy * Math.min(5, backlog.maxConcurrency) * backlog.batch) / backlog.batchSeconds,
      }));
    fc.assert(
      fc.property(backlogs, (backlog) => {
        const [formula, simulated] = [drainSeconds(backlog), simulateDrain(backlog)];
        // A batch is taken whole, and the last one may begin just before the end. What that leaves over shrinks only by
        // what arrivals do not take.
        const batches = Math.min(5, backlog.maxConcurrency) / backlog.batchSeconds;
        const free = 1 - backlog.arriving / (batches * backlog.batch);
        const tolerance = (2 * backlog.batchSeconds) / free + 1 + formula * 0.02;
        expect(Math.abs(formula - simulated)).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the entrance', () => {
  const entrance = { throttleRate: 500, throttleBurst: 1_000, receiverSeconds: 0.02, concurrency: 1_000 };

  test('takes all that is below the throttle at once', () => {
    expect(simulateEntrance(entrance, 500, 600)).toEqual({
      takenAt: [300_000, 0, 0, 0, 0],
      lost: 0,
      lastAfter: 599,
    });
  });

  test('takes a burst, and the rest when Zavu tries again', () => {
    // A full bucket and what flows in within the second; a minute later the rest finds a full bucket again.
    expect(simulateEntrance(entrance, 2_000, 1)).toEqual({
      takenAt: [1_500, 500, 0, 0, 0],
      lost: 0,
      lastAfter: 60,
    });
  });

  test('takes no more than there are sandboxes for', () => {
    const narrow = { ...entrance, throttleRate: 10_000, throttleBurst: 5_000, concurrency: 10 };
    // Ten sandboxes have ten requests a second each.
    expect(simulateEntrance(narrow, 200, 1)).toMatchObject({ takenAt: [100, 100, 0, 0, 0], lost: 0 });
  });

  test('takes or loses every event, whatever comes', () => {
    const settings = fc.record({
      throttleRate: fc.integer({ min: 1, max: 10_000 }),
      throttleBurst: fc.integer({ min: 1, max: 5_000 }),
      receiverSeconds: fc.double({ min: 0.001, max: 3, noNaN: true }),
      concurrency: fc.integer({ min: 1, max: 3_000 }),
    });
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 20_000 }), (of, perSecond) => {
        const { takenAt, lost } = simulateEntrance(of, perSecond, 60);
        const all = takenAt.reduce((sum, count) => sum + count, lost);
        expect(all).toBeCloseTo(perSecond * 60, 3);
      }),
      { numRuns: 50 },
    );
  });
});

describe('limits', () => {
  const load: Load = {
    throttleRate: 500,
    workerMaxConcurrency: 10,
    batch: 10,
    batchSeconds: 2,
    receiverSeconds: 0.02,
    busiestShare: 0.5,
    claimWrites: 2,
    messageWrites: 1,
    archivedBytes: 0,
    isPublished: false,
  };
  const rateOf = (name: string, changes: Partial<Load> = {}) =>
    limitsOf({ ...load, ...changes }).find((limit) => limit.name === name)?.eventsPerSecond;

  test('are in the order in which they are met', () => {
    const limits = limitsOf(load);
    const rates = limits.map(({ eventsPerSecond }) => eventsPerSecond);
    expect(rates).toEqual(rates.toSorted((one, other) => one - other));
    // 10 batches of 10 in 2 s are 50 a second, of half of the events.
    expect(limits[0]).toMatchObject({ name: 'concurrency of the busiest worker', eventsPerSecond: 100 });
  });

  test('the account’s invocations are those of the receiver and of the workers', () => {
    // A tenth of a second, though it takes 20 ms, and 0.2 s.
    expect(rateOf('concurrency of the account')).toBeCloseTo(1000 / 0.3, 6);
    // A tenth, and a hundredth.
    expect(rateOf('concurrency of the account', { batchSeconds: 0.05 })).toBeCloseTo(1000 / 0.11, 6);
  });

  test('of what is switched on alone', () => {
    expect(rateOf('first throughput of the messages table')).toBe(4000);
    expect(rateOf('first throughput of the messages table', { messageWrites: 0 })).toBeUndefined();
    expect(rateOf('stream of the archive')).toBeUndefined();
    expect(rateOf('stream of the archive', { archivedBytes: 1024 })).toBe(2000);
    // 5 MiB.
    expect(rateOf('stream of the archive', { archivedBytes: 10_240 })).toBe(512);
    expect(rateOf('events of the bus')).toBeUndefined();
    expect(rateOf('events of the bus', { isPublished: true })).toBe(10_000);
  });
});

test('what may back off at once is bounded by what may be in flight', () => {
  // 120,000 messages, each in flight for 9,360 s.
  expect(failuresPerSecond([60, 300, 1_800, 7_200])).toBeCloseTo(12.82, 2);
  expect(secondsUntilFull(12, [60, 300, 1_800, 7_200])).toBe(Number.POSITIVE_INFINITY);
  expect(secondsUntilFull(75, [60, 300, 1_800, 7_200])).toBe(1_600);
});

test('the tables are about the settings that the stack has', () => {
  const defaults = readSettings(new App().node);
  expect(defaults).toMatchObject(settings.default);
  expect(defaults.retryDelaysSeconds).toEqual(retryDelaysSeconds);
  // The large ones are within the bounds.
  expect(readSettings(new App({ context: settings.large }).node)).toMatchObject(settings.large);
  expect(document).toContain(`${Math.floor(failuresPerSecond(retryDelaysSeconds))} a second`);
});

test('every quota has its page, and docs/scaling.md has every quota', () => {
  expect(quotasAsOf).toMatch(/^20\d\d-\d\d$/);
  expect(document).toContain(quotasAsOf);
  for (const { value, source } of Object.values(quotas)) {
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(document).toContain(source);
    expect(document).toContain(value.toLocaleString('en-US'));
  }
});

test('docs/scaling.md shows what the command prints', () => {
  const tables = scalingTables()
    .split('\n')
    .filter((line) => line.startsWith('|'));
  for (const line of tables) expect(unaligned(document)).toContain(unaligned(line));
});

test.each([
  [1, 1],
  [100, 1],
  [100, 10],
  [10_000, 10],
])('docs/scaling.md says what %d a second cost', (perSecond, batch) => {
  const { Resources } = JSON.parse(JSON.stringify(synthesize()));
  const traffic = { events: perSecond * 730 * 3600, payloadBytes: 2048, batch };
  const { assumptions } = readAssumptions();
  expect(document).toContain(summaryOf(estimate(shapeOf(Resources), traffic, assumptions)));
});
