import { judge } from '../../bench/scale/dimension.ts';
import { growthOf } from '../../bench/scale/growth.ts';

const sizes = [10, 100, 1_000, 10_000];
const pointsOf = (costOf: (size: number) => number) => sizes.map((size) => ({ size, cost: costOf(size) }));

test.each([
  ['constant', () => 7, 0],
  ['a square root', (size: number) => 3 * Math.sqrt(size), 0.5],
  ['proportional', (size: number) => 0.02 * size, 1],
  ['quadratic', (size: number) => size ** 2 / 5, 2],
  ['falling', (size: number) => 1 / size, -1],
])('what is %s has its exponent, and fits', (_name, costOf, exponent) => {
  const growth = growthOf(pointsOf(costOf));
  expect(growth.exponent).toBeCloseTo(exponent, 9);
  expect(growth.atEnd).toBeCloseTo(exponent, 9);
  expect(growth.fit).toBeCloseTo(1, 9);
});

test('by least squares: worked out by hand, whatever the order of the points', () => {
  // In decades of size 0, 1, 2 the costs are 0, 1, 1 decades: a slope of 1/2, and 1/6 of 2/3 is left over.
  const points = [
    { size: 100, cost: 10 },
    { size: 1, cost: 1 },
    { size: 10, cost: 10 },
  ];
  const { exponent, fit, atEnd } = growthOf(points);
  expect(exponent).toBeCloseTo(0.5, 9);
  expect(fit).toBeCloseTo(0.75, 9);
  expect(atEnd).toBeCloseTo(0, 9);
});

test('a growth needs two sizes, and costs above 0', () => {
  const one = { size: 10, cost: 1 };
  expect(() => growthOf([])).toThrow('two sizes or more');
  expect(() => growthOf([one])).toThrow('two sizes or more');
  expect(() => growthOf([one, one])).toThrow('two sizes or more');
  expect(() => growthOf([one, { size: 100, cost: 0 }])).toThrow('not of 0');
  expect(() => growthOf([one, { size: 100, cost: Number.NaN }])).toThrow('not of NaN');
});

test.each([
  ['proportional', { growth: 'linear' }, (size: number) => size, true],
  ['a little more', { growth: 'linear' }, (size: number) => size ** 1.09, true],
  ['n log n over a fixed cost', { growth: 'linear' }, (size: number) => 50 + size * Math.log(size), false],
  ['quadratic', { growth: 'linear' }, (size: number) => size ** 2, false],
  // The exponent over all sizes is 0.6, because the fixed cost hides what comes at the end.
  ['quadratic over a fixed cost', { growth: 'linear' }, (size: number) => 1e6 + size ** 2, false],
  ['constant', { growth: 'constant' }, () => 100, true],
  ['growing until a limit', { growth: 'constant' }, (size: number) => Math.min(size, 1_000), true],
  ['growing at the end', { growth: 'constant' }, (size: number) => 100 + size / 50, false],
  ['below its bound', { growth: 'bounded', most: 20 }, (size: number) => Math.min(size, 20), true],
  ['above its bound', { growth: 'bounded', most: 19 }, (size: number) => Math.min(size, 20), false],
] as const)('%s, expected as %j', (_name, expected, costOf, holds) => {
  expect(judge({ points: pointsOf(costOf), expected }).holds).toBe(holds);
});
