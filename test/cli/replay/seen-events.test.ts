import { SeenEvents } from '../../../cli/replay/seen-events.ts';

test('an event that came a moment ago is not new', () => {
  const seen = new SeenEvents();
  expect(['a', 'b', 'a', 'b', 'c'].map((key) => seen.isNew(key))).toEqual([true, true, false, false, true]);
});

test('the latest events are remembered, whatever their number, and a bounded number of them', () => {
  const atLeast = 20;
  for (let count = 1; count < 5 * atLeast; count++) {
    const seen = new SeenEvents(atLeast);
    for (let event = 0; event < count; event++) expect(seen.isNew(`evt_${event}`)).toBe(true);
    expect(seen.isNew(`evt_${Math.max(0, count - atLeast)}`)).toBe(false);
    const forgotten = count - 2 * atLeast - 1;
    expect(forgotten < 0 || seen.isNew(`evt_${forgotten}`)).toBe(true);
  }
});

test('one that was forgotten is new again: its worker recognizes it', () => {
  const seen = new SeenEvents(10);
  expect(seen.isNew('evt_first')).toBe(true);
  for (let event = 0; event < 20; event++) seen.isNew(`evt_${event}`);
  expect(seen.isNew('evt_first')).toBe(true);
});
