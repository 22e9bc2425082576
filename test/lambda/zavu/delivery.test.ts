import { longestLadder, shortestLadder } from '../../../lambda/zavu/delivery.ts';

test("the ladders' lengths are those that Zavu's pages say themselves", () => {
  expect(shortestLadder).toEqual({ seconds: 4_860, text: '1 h 21 min' });
  expect(longestLadder).toEqual({ seconds: 19_260, text: '5 h 21 min' });
});
