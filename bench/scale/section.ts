import { section, table, whole } from '../markdown.ts';
import { type Dimension, type Expectation, judge } from './dimension.ts';

/** How all that may grow does, a row for each. */
export function scaleSection(dimensions: readonly Dimension[]): string {
  const rows = dimensions.map(({ name, sizeUnit, cost, points, expected }) => {
    const { exponent, fit, atEnd, holds } = judge({ points, expected });
    return [
      name,
      `${points.map(({ size }) => whole(size)).join(' / ')} ${sizeUnit}`,
      cost,
      points.map((point) => numberOf(point.cost)).join(' / '),
      `${exponent.toFixed(2)} (${fit.toFixed(2)})`,
      atEnd.toFixed(2),
      expectationOf(expected),
      holds ? 'yes' : '**no**',
    ];
  });
  return section(
    'Grows as it should',
    'What something costs at each size. The exponent is the slope of log(cost) over log(size), by least squares over all ' +
      'sizes, with R² in parentheses: 0 is constant, 1 is proportional, 2 is quadratic. A fixed cost, such as a start of ' +
      'Node, makes it smaller, so the slope between the two largest sizes stands beside it, and both must be at most 1.1. ' +
      'Commands run in a process of their own, with their start. What a heap has in use is counted after full collections.',
    table(
      ['', 'sizes', 'measured', 'at each size', 'exponent (R²)', 'at the end', 'expected', 'holds'],
      rows,
    ),
  );
}

function numberOf(cost: number): string {
  return cost < 10 ? cost.toFixed(2) : whole(cost);
}

function expectationOf(expected: Expectation): string {
  switch (expected.growth) {
    case 'linear':
      return 'at most 1.1';
    case 'constant':
      return 'at most 0.1 at the end';
    case 'bounded':
      return `at most ${whole(expected.most)}`;
  }
}
