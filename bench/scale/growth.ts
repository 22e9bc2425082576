/** What a subject costs at a size, in any unit. */
export interface Point {
  size: number;
  cost: number;
}

/** How a cost grows with a size: as a power of it. */
export interface Growth {
  /** The slope of log(cost) over log(size), by least squares: 0 is constant, 1 is proportional, 2 is quadratic. */
  exponent: number;
  /** The share of the costs' variance that the slope explains (R²), from 0 to 1; 1 if the costs are all the same. */
  fit: number;
  /** The slope between the two largest sizes, which a fixed cost flattens least. */
  atEnd: number;
}

/**
 * Fits a power of the size to costs.
 *
 * @param points two or more, of different sizes
 * @throws Error if a size or a cost is not above 0, or if there are fewer than two sizes
 */
export function growthOf(points: readonly Point[]): Growth {
  const logs = points
    .toSorted((a, b) => a.size - b.size)
    .map(({ size, cost }) => ({ x: logOf(size), y: logOf(cost) }));
  const [last, before] = [logs.at(-1), logs.at(-2)];
  if (!last || !before) throw new Error('A growth needs two sizes or more.');
  const { slope, residue, variance } = fitLine(logs);
  return {
    exponent: slope,
    fit: variance === 0 ? 1 : 1 - residue / variance,
    atEnd: fitLine([before, last]).slope,
  };
}

interface LogPoint {
  x: number;
  y: number;
}

/** @see https://en.wikipedia.org/wiki/Simple_linear_regression */
function fitLine(points: readonly LogPoint[]): { slope: number; residue: number; variance: number } {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [meanOf(points.map(({ x }) => x)), meanOf(points.map(({ y }) => y))];
  const sumOf = (term: (point: LogPoint) => number) => points.reduce((sum, point) => sum + term(point), 0);
  const spread = sumOf(({ x }) => (x - meanX) ** 2);
  if (spread === 0) throw new Error('A growth needs two sizes or more.');
  const slope = sumOf(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
  return {
    slope,
    residue: sumOf(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2),
    variance: sumOf(({ y }) => (y - meanY) ** 2),
  };
}

function logOf(value: number): number {
  if (!(value > 0)) throw new Error(`A growth is of sizes and costs above 0, and not of ${value}.`);
  return Math.log(value);
}
