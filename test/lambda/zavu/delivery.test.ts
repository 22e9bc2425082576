import {
  apiV2Ladder,
  guideLadder,
  longestLadder,
  shortestLadder,
  skillLadder,
} from '../../../lambda/zavu/delivery.ts';

test("the ladders' lengths are those that Zavu's pages say themselves", () => {
  expect(shortestLadder).toMatchObject({ seconds: 4_860, text: '1 h 21 min' });
  expect(longestLadder).toMatchObject({ seconds: 19_260, text: '5 h 21 min' });
  expect(guideLadder).toMatchObject({ seconds: 9_360, text: '2 h 36 min' });
});

test('their waits are those of the pages, in minutes', () => {
  const minutes = ({ waitsSeconds }: { waitsSeconds: readonly number[] }) =>
    waitsSeconds.map((wait) => wait / 60);
  expect(minutes(guideLadder)).toEqual([1, 5, 30, 120]);
  expect(minutes(skillLadder)).toEqual([1, 5, 15, 60, 240]);
  expect(minutes(apiV2Ladder)).toEqual([1, 5, 15, 60]);
});

test('the shortest is the shortest, and the longest the longest', () => {
  const lengths = [shortestLadder, guideLadder, longestLadder].map(({ seconds }) => seconds);
  expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
});
