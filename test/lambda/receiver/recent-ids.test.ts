import { createRecentIds } from '../../../lambda/receiver/recent-ids.ts';

test('an id is shared where another owner used it a moment ago', () => {
  const ids = createRecentIds(2);
  expect(ids.isShared('evt_1', 'a')).toBe(false);
  expect(ids.isShared('evt_1', 'a')).toBe(false);
  expect(ids.isShared('evt_1', 'b')).toBe(true);
  expect(ids.isShared('evt_1', 'a')).toBe(true);
});

test('it remembers so many and no more, the latest', () => {
  const ids = createRecentIds(2);
  for (const id of ['evt_1', 'evt_2', 'evt_3']) ids.isShared(id, 'a');
  expect(ids.isShared('evt_1', 'b')).toBe(false);
  expect(ids.isShared('evt_3', 'b')).toBe(true);
});
