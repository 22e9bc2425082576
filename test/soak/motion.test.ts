import type { ReportLine } from '../../testing/report-line.ts';
import { Motion } from './motion.ts';

const isOfPlan = ({ id }: ReportLine) => id !== 'evt_besides';

test('it waits for as long as events move, and no longer', async () => {
  const reports: ReportLine[] = [];
  const motion = new Motion(reports, 500, isOfPlan);
  const moving = setInterval(() => reports.push({ event: 'retried', id: 'evt_1' }), 50);
  const stop = setTimeout(() => clearInterval(moving), 1_500);
  const startedAt = Date.now();
  await expect(
    motion.until(
      () => false,
      () => 'A message waits.',
    ),
  ).rejects.toThrow('Nothing has moved for 0.5 s. A message waits.');
  clearTimeout(stop);
  expect(Date.now() - startedAt).toBeGreaterThan(1_500);
});

test.each<ReportLine>([
  { event: 'log', line: 'still here' },
  { event: 'started', function: 'InboundWorkerFunction' },
  { event: 'handled', id: 'evt_besides' },
])('that nothing moves is not hidden by %j', async (report) => {
  const reports: ReportLine[] = [];
  const standing = setInterval(() => reports.push(report), 20);
  const waiting = new Motion(reports, 300, isOfPlan).until(
    () => false,
    () => '',
  );
  await expect(waiting).rejects.toThrow('Nothing has moved');
  clearInterval(standing);
});

test('what holds ends the wait', async () => {
  let looks = 0;
  await new Motion([], 10_000, isOfPlan).until(
    () => ++looks === 2,
    () => '',
  );
  expect(looks).toBe(2);
});
