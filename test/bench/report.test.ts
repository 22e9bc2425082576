import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportOf } from '../../bench/report.ts';
import { Store } from '../../bench/store.ts';

const directory = mkdtempSync(join(tmpdir(), 'zavu-bench-store-'));
afterAll(() => rmSync(directory, { recursive: true }));

const by = 'Node 24';
const bundle = (packed: number) => ({
  synthSeconds: { median: 1, lower: 1, upper: 1, count: 1 },
  bundles: [{ name: 'receiver', deployed: 2048, packed }],
  install: { packages: 1, bytes: 1, seconds: 1 },
});
const percentiles = { p50: 1, p99: 2 };
const stack = {
  throughput: { events: 1, perSecond: 1 / 3, cpuMsPerEvent: 1, answerMs: percentiles },
  latency: { perSecond: 50, answerMs: percentiles, handledMs: percentiles },
  burst: { events: 1, takenSeconds: 1, drainSeconds: 1 },
};

test('a part that is measured again replaces its own results, and the others stay with their dates', () => {
  const first = new Store(directory);
  first.keep('build', { on: '2026-01-01', by, result: bundle(1024) });
  first.keep('stack', { on: '2026-01-02', by, result: stack });

  const later = new Store(directory);
  later.keep('build', { on: '2026-02-03', by, result: bundle(2048) });
  later.keepDurations({
    receiver: { initMs: 1, invocationMs: 2 },
    worker: { initMs: 3, batchMs: 4, eventMs: 5 },
  });

  const { measurements } = new Store(directory);
  expect(measurements.stack).toEqual({
    on: '2026-01-02',
    by,
    result: { ...stack, throughput: { ...stack.throughput, perSecond: 0.333333 } },
  });
  const [, endToEnd = '', build = '', ...others] = reportOf(measurements).split(/^## /m);
  expect(others).toEqual([]);
  expect(endToEnd).toMatch(/^End to end\n.*\nMeasured on 2026-01-02: Node 24\.\n/s);
  expect(build).toMatch(/^Build\n.*\| receiver \| 2 KB \| 2 KB \|\n\nMeasured on 2026-02-03: Node 24\.\n$/s);
  const { durations } = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'));
  expect(durations.worker.batchMs).toBe(4);
});

test('results of an older version of a part name what measures it again', () => {
  const store = new Store(directory);
  store.keep('memory', { on: '2026-01-01', by, result: JSON.parse('[{}]') });
  expect(() => reportOf(store.measurements)).toThrow('npm run bench -- --only memory');
});
