import { createRecentIds } from '../../../lambda/receiver/recent-ids.ts';

test('an id is shared if another owner used it a moment ago', () => {
  const ids = createRecentIds(2);
  expect(ids.isShared({ id: 'evt_1', senderId: 'a' })).toBe(false);
  expect(ids.isShared({ id: 'evt_1', senderId: 'a' })).toBe(false);
  expect(ids.isShared({ id: 'evt_1', senderId: 'b' })).toBe(true);
  expect(ids.isShared({ id: 'evt_1', senderId: 'a' })).toBe(true);
});

test('it remembers so many and no more, the latest', () => {
  const ids = createRecentIds(2);
  for (const id of ['evt_1', 'evt_2', 'evt_3']) ids.isShared({ id, senderId: 'a' });
  expect(ids.isShared({ id: 'evt_1', senderId: 'b' })).toBe(false);
  expect(ids.isShared({ id: 'evt_3', senderId: 'b' })).toBe(true);
});
