import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportOf } from '../../bench/report.ts';
import type { SideBySide } from '../../bench/side-by-side.ts';
import { Store } from '../../bench/store.ts';
import type { WorkerResults } from '../../bench/worker.ts';

const directory = mkdtempSync(join(tmpdir(), 'zavu-bench-store-'));
afterAll(() => rmSync(directory, { recursive: true }));

const by = 'Node 24';
const spread = (median: number) => ({ median, lower: median, upper: median, count: 1 });
const worker = (median: number): WorkerResults => {
  const results = [
    {
      batchSize: 10,
      cpuMsPerEvent: spread(median),
      wallMsPerBatch: spread(median),
      cpuOfTwoWrites: spread(1),
      callsPerEvent: { PutItem: 1 },
    },
  ];
  return { twoWrites: results, onceOnly: [], duplicates: [], worker: [], plain: [] };
};
const sideBySide: SideBySide = {
  systems: [{ name: 'this stack', survival: { events: 3, kills: 1, lost: 0, doubled: 1 / 3 } }],
  traffic: { events: 1, payloadBytes: 1, batch: 1 },
  bills: [],
};

test('a part that is measured again replaces its own results, and the others stay with their dates', () => {
  const file = join(directory, 'results.json');
  writeFileSync(file, JSON.stringify({ parts: { retired: { on: '2025-01-01', by, result: 1 } } }));
  const first = new Store(directory);
  first.keep('worker', { on: '2026-01-01', by, result: worker(1) });
  first.keep('alternatives', { on: '2026-01-02', by, result: sideBySide });

  const later = new Store(directory);
  later.keep('worker', { on: '2026-02-03', by, result: worker(2) });
  later.keepDurations({
    receiver: { initMs: 1, invocationMs: 2 },
    worker: { initMs: 3, batchMs: 4, eventMs: 5 },
  });

  const { measurements } = new Store(directory);
  const [system] = sideBySide.systems;
  expect(measurements).toEqual({
    worker: { on: '2026-02-03', by, result: worker(2) },
    alternatives: {
      on: '2026-01-02',
      by,
      result: {
        ...sideBySide,
        systems: [{ ...system, survival: { ...system?.survival, doubled: 0.333333 } }],
      },
    },
  });
  const [, workers = '', systems = '', ...others] = reportOf(measurements).split(/^## /m);
  expect(others).toEqual([]);
  expect(workers).toMatch(
    /^Worker\n.*\| two writes \| 10 \| 2.000 .*\n\nMeasured on 2026-02-03: Node 24\.\n/s,
  );
  expect(systems).toMatch(/^Side by side\n.*\n\nMeasured on 2026-01-02: Node 24\.\n$/s);
  const { durations } = JSON.parse(readFileSync(file, 'utf8'));
  expect(durations.worker.batchMs).toBe(4);
});

test('results of an older version of a part name what measures it again', () => {
  const store = new Store(directory);
  store.keep('memory', { on: '2026-01-01', by, result: JSON.parse('[{}]') });
  expect(() => reportOf(store.measurements)).toThrow('npm run bench -- --only memory');
});
