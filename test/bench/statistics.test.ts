import { setImmediate } from 'node:timers/promises';
import { measureInRounds } from '../../bench/rounds.ts';
import { ratioOf, spreadOf } from '../../bench/statistics.ts';

test('the middle, and where the middle half lies', () => {
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4, count: 5 });
  expect(() => spreadOf([])).toThrow('Nothing was measured');
});

test('a ratio is taken round by round', () => {
  // A slow round slows both down: the ratio of medians would be 20 / 2.
  expect(ratioOf([20, 2, 40], [10, 1, 2]).median).toBe(2);
});

test('a round is one measurement of each, in turns; what warms up does not count', async () => {
  const order: string[] = [];
  const subject = (name: string) => async () => {
    await setImmediate();
    return order.push(name);
  };
  const taken = await measureInRounds({ a: subject('a'), b: subject('b') }, 2, 1);
  expect(order.join('')).toMatch(/^(abbaab|baabba)$/);
  expect([...taken.a, ...taken.b].sort()).toEqual([3, 4, 5, 6]);
});
