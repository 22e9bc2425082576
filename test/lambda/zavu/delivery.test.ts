import { guideLadder, longestLadder, shortestLadder } from '../../../lambda/zavu/delivery.ts';

test("the ladders' lengths are those that Zavu's pages say themselves", () => {
  expect(shortestLadder).toMatchObject({ seconds: 4_860, text: '1 h 21 min' });
  expect(longestLadder).toMatchObject({ seconds: 19_260, text: '5 h 21 min' });
  expect(guideLadder).toMatchObject({ seconds: 9_360, text: '2 h 36 min' });
});

test('the shortest is the shortest, and the longest the longest', () => {
  const lengths = [shortestLadder, guideLadder, longestLadder].map(({ seconds }) => seconds);
  expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
});
