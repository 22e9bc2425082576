import fc from 'fast-check';
import { parseMetricMath } from '../../../../local/aws/cloudwatch/metric-math.ts';
import { MetricMathError, type Series } from '../../../../local/aws/cloudwatch/series.ts';

const none = undefined;
const metrics: Record<string, Series> = {
  a: [1, none, 3, none],
  b: [10, 20, none, none],
  empty: [none, none, none, none],
};
const calculate = (expression: string) =>
  parseMetricMath(expression)({
    byId: (id) => (Object.hasOwn(metrics, id) ? metrics[id] : undefined),
    metrics: Object.values(metrics),
    periods: 4,
    periodSeconds: 60,
    endSeconds: 240,
  });

test.each([
  // A missing value counts as 0, and where all are missing there is none.
  ['a + b', [11, 20, 3, none]],
  ['a - b', [-9, -20, 3, none]],
  ['a * b', [10, 0, 0, none]],
  ['b / a', [10, none, 0, none]],
  ['a + empty', [1, none, 3, none]],
  ['1 + 2 * a', [3, none, 7, none]],
  ['(1 + 2) * a', [3, none, 9, none]],
  ['10 - a - 1', [8, none, 6, none]],
  ['-a', [-1, none, -3, none]],
  ['a * 512 / 1024', [0.5, none, 1.5, none]],
  ['a / 0', [none, none, none, none]],
  ['SUM(METRICS())', [11, 20, 3, none]],
  ['SUM([a, b])', [11, 20, 3, none]],
  ['SUM([a, FILL(b, 0)])', [11, 20, 3, 0]],
  ['FILL(a, 0)', [1, 0, 3, 0]],
  ['FILL(a, -1.5)', [1, -1.5, 3, -1.5]],
  ['FILL(empty, 0)', [0, 0, 0, 0]],
  ['FILL(a, REPEAT)', [1, 1, 3, 3]],
  ['FILL(empty, REPEAT)', [none, none, none, none]],
  ['SUM(FILL(METRICS(), 1))', [12, 22, 5, 3]],
  ['DIFF(b)', [none, 10, none, none]],
  ['DIFF(a)', [none, none, 2, none]],
  ['DIFF_TIME(b)', [none, 60, none, none]],
  ['DIFF_TIME(a)', [none, none, 120, none]],
  ['DIFF(FILL(a, REPEAT) + FILL(b, REPEAT))', [none, 10, 2, 0]],
  ['a > 1', [0, none, 1, none]],
  ['a >= 1', [1, none, 1, none]],
  ['a < b', [1, 1, 0, none]],
  ['a <= 1', [1, none, 0, none]],
  ['a == 1', [1, none, 0, none]],
  ['a != 1', [0, none, 1, none]],
  ['(a > 1) * (b > 1)', [0, 0, 0, none]],
  ['EPOCH(a)', [0, 60, 120, 180]],
  ['EPOCH(empty)', [none, none, none, none]],
  // What a condition has no value for is dropped, and a value that is missing where it is true is 0.
  ['IF(a > 1, b, 5)', [5, none, 0, none]],
  ['IF(EPOCH(a) >= 60, a, -1)', [-1, 0, 3, 0]],
  ['IF(EPOCH(a) > 60, 1, b)', [10, 20, 1, 1]],
  ['TIME_SERIES(2 + 3)', [5, 5, 5, 5]],
  ['TIME_SERIES(MAX(EPOCH(b)))', [180, 180, 180, 180]],
  ['TIME_SERIES(SUM(IF(EPOCH(b) > MAX(EPOCH(b)) - 180, b, 0)))', [20, 20, 20, 20]],
  ['TIME_SERIES(SUM(IF(EPOCH(empty) > MAX(EPOCH(empty)) - 180, empty, 0)) > 0)', [0, 0, 0, 0]],
])('%s', (expression, expected) => {
  expect(calculate(expression)).toEqual(expected);
});

test.each([
  ['an id that nothing has', 'a + missing', 'missing'],
  ['a function that is not known', 'ANOMALY_DETECTION_BAND(a)', 'ANOMALY_DETECTION_BAND'],
  ['an operator that is not known', 'a ^ 2', '^ 2'],
  ['a logical operator', 'a > 1 AND b > 1', 'AND b'],
  ['the largest of a whole series', 'a - MAX(a)', 'MAX'],
  ['the sum of a series that is no window', 'TIME_SERIES(SUM(IF(a > 1, a, 0)))', 'SUM'],
  ['a condition that is a number', 'IF(1, a, b)', 'A condition'],
  ['a choice without its other half', 'IF(a > 1, b)', ')'],
  ['a series of a series', 'TIME_SERIES(a)', 'TIME_SERIES'],
  ['a filler that is not known', 'FILL(a, LINEAR)', 'LINEAR'],
  ['the sum of a single series', 'SUM(a)', 'SUM'],
  ['a number for a result', '1 + 2', 'a number'],
  ['several series for a result', 'METRICS()', 'several'],
  ['an open parenthesis', '(a', 'its end'],
  ['something behind its end', 'a b', 'b'],
  ['nothing', '', 'its end'],
  ['more than 2,048 characters', `a${' + a'.repeat(1_000)}`, '2048'],
])('refuses %s', (_case, expression, why) => {
  const run = () => calculate(expression);
  expect(run).toThrow(MetricMathError);
  expect(run).toThrow(why);
});

test('calculates as numbers do, where nothing is missing', () => {
  const number = fc.integer({ min: -99, max: 99 });
  fc.assert(
    fc.property(number, number, number, (x, y, z) => {
      const values: Record<string, Series> = { x: [x], y: [y], z: [z] };
      const result = parseMetricMath('x - y * (z - x) + y - -3')({
        byId: (id) => values[id],
        metrics: [],
        periods: 1,
        periodSeconds: 60,
        endSeconds: 60,
      });
      expect(result).toEqual([x - y * (z - x) + y + 3]);
    }),
  );
});

test('throws its own error only, whatever the expression', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '+',
    '-',
    '*',
    '/',
    ',',
    'a',
    '1',
    '0',
    'SUM(',
    'FILL(',
    'DIFF(',
    'METRICS()',
    'REPEAT',
    '>',
    'IF(',
    'EPOCH(',
    'MAX(',
    'TIME_SERIES(',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 900 }).map((all) => all.join(' ')),
      ),
      (text) => {
        try {
          expect(calculate(text)).toHaveLength(4);
        } catch (error) {
          expect(error).toBeInstanceOf(MetricMathError);
        }
      },
    ),
  );
});
