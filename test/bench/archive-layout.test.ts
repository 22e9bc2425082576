import { keysOf, objectOf } from '../../bench/scale/archive-layout.ts';

test.each([10, 1_000, 12_340])('an archive of %i events has each of them in one object', (events) => {
  const size = { events, days: ['2026-01-01', '2026-01-02'] };
  const keys = keysOf(size, 'events/');
  expect(keys).toEqual([...new Set(keys)].sort());
  const numbers = keys.flatMap((key) => {
    const object = objectOf(size, `/archive/${key}`);
    expect(key).toContain(`day=${object?.day}/`);
    return Array.from({ length: object?.count ?? 0 }, (_, index) => (object?.first ?? 0) + index);
  });
  expect(numbers).toEqual(Array.from({ length: events }, (_, index) => index));
});

test('a folder has the objects of its day, and what is not there is no object', () => {
  const size = { events: 2_000, days: ['2026-01-01', '2026-01-02'] };
  expect(keysOf(size, 'events/day=2026-01-02/')).toHaveLength(2);
  expect(keysOf(size, 'events/day=2026-01-03/')).toEqual([]);
  expect(
    objectOf(size, '/archive/events/day=2026-01-02/event_type=message.inbound/000000002.gz'),
  ).toBeUndefined();
});
