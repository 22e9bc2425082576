import type { ReportLine } from '../../testing/report-line.ts';
import { orders } from '../e2e/orders.ts';
import { stuckText } from './stuck.ts';

const figures = [
  { queue: 'InboundWorkerQueue0A1B2C3D', visible: 1, hidden: 1, delayed: 0, visibilityTimeoutSeconds: 20 },
  { queue: 'AccountWorkerQueue0A1B2C3D', visible: 0, hidden: 0, delayed: 0, visibilityTimeoutSeconds: 20 },
];
const reports: ReportLine[] = [
  { event: 'queued', id: 'evt_1', worker: 'inbound' },
  { event: 'retried', id: 'evt_1', attempt: 3, reason: 'in_progress' },
  { event: 'queued', id: 'evt_2', worker: 'inbound' },
  { event: 'queued', id: 'evt_3', worker: 'inbound' },
  { event: 'handled', id: 'evt_3', attempt: 1 },
];

test('what is stuck is in a table: its order, how often it was received, and what was reported last', () => {
  const visible = [{ id: 'evt_1', queue: 'InboundWorkerQueue0A1B2C3D', receives: 4 }];
  const text = stuckText(figures, visible, reports, new Map([['evt_1', orders.dieOnce]]));
  expect(text).toContain('Inbound: 1 visible, 1 hidden.');
  expect(text).toMatch(/^evt_1 +die once +Inbound +4 +queued, retried #3 in_progress$/m);
  expect(text).toMatch(/^evt_2 +hidden, or lost +0 +queued$/m);
  expect(text).not.toContain('evt_3');
  expect(text).not.toContain('Account');
});

test('many of them fit on a screen', () => {
  const visible = Array.from({ length: 3_215 }, (_, index) => ({
    id: `evt_77_${index}`,
    queue: 'InboundWorkerQueue0A1B2C3D',
    receives: 1,
  }));
  const many = visible.flatMap(({ id }) =>
    Array.from({ length: 50 }, () => ({ event: 'retried', id, attempt: 1 })),
  );
  const lines = stuckText(figures, visible, many, new Map()).split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(140);
  expect(lines.at(-1)).toBe('and 3195 more');
});
