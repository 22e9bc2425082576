import { spreadOf } from '../statistics.ts';
import { type Growth, growthOf, type Point } from './growth.ts';

/** What is measured of something that grows. */
export interface Dimension {
  /** What grows, and what is done with it. */
  name: string;
  /** What a size counts, such as `events`. */
  sizeUnit: string;
  /** What is measured, with its unit, such as `CPU, ms`. */
  cost: string;
  points: readonly Point[];
  expected: Expectation;
}

/**
 * How a cost should grow. `linear`: with the size, at most by the exponent 1.1. `constant`: not at all between the two
 * largest sizes. `bounded`: as it may, and never above `most`.
 */
export type Expectation = { growth: 'linear' } | { growth: 'constant' } | { growth: 'bounded'; most: number };

/** How far a measurement may be off, as an exponent. */
const tolerance = 0.1;

interface Judgement extends Growth {
  holds: boolean;
}

/**
 * Measures what each size costs, one size after the other.
 *
 * @param rounds how often each is measured; the median counts
 */
export async function pointsOf(
  sizes: readonly number[],
  rounds: number,
  cost: (size: number) => Promise<number>,
): Promise<Point[]> {
  const points: Point[] = [];
  for (const size of sizes) {
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) taken.push(await cost(size));
    points.push({ size, cost: spreadOf(taken).median });
  }
  return points;
}

/** Judges how a cost grows by what is expected of it. */
export function judge({ points, expected }: Pick<Dimension, 'points' | 'expected'>): Judgement {
  const growth = growthOf(points);
  return { ...growth, holds: isAsExpected(growth, points, expected) };
}

function isAsExpected({ exponent, atEnd }: Growth, points: readonly Point[], expected: Expectation): boolean {
  switch (expected.growth) {
    case 'linear':
      return Math.max(exponent, atEnd) <= 1 + tolerance;
    case 'constant':
      return atEnd <= tolerance;
    case 'bounded':
      return points.every(({ cost }) => cost <= expected.most);
  }
}
