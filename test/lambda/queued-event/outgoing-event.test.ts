import { fitBatch } from '../../../lambda/queued-event/outgoing-event.ts';

const events = (count: number, bytes: number) =>
  Array.from({ length: count }, () => ({ body: 'x'.repeat(bytes), group: 'prj', attributes: {} }));

test('A batch has at most ten events.', () => {
  expect(fitBatch(events(10, 1))).toBe(true);
  expect(fitBatch(events(11, 1))).toBe(false);
});

test('A batch has at most 1 MiB, with what each entry has besides its body.', () => {
  expect(fitBatch(events(4, 1_048_576 / 4 - 512))).toBe(true);
  expect(fitBatch(events(4, 1_048_576 / 4 - 511))).toBe(false);
});
