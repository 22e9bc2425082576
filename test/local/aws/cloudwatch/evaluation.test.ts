import fc from 'fast-check';
import { evaluate, evaluationRange, type MissingData } from '../../../../local/aws/cloudwatch/evaluation.ts';

const policies: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const stays = undefined;
const insufficient = 'INSUFFICIENT_DATA';

/** `X` breaches, `0` does not, `-` is missing; oldest first. */
const read = (points: string) => points.split(' ').map((each) => (each === '-' ? undefined : each === 'X'));

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
describe.each([
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', insufficient, stays, 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - - - X', insufficient, stays, 'ALARM', 'OK'],
  [3, 'X - - - -', 'ALARM', stays, 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - X', insufficient, stays, 'ALARM', 'OK'],
] as const)("AWS's example of %i in 3 with %s", (datapointsToAlarm, points, ...expected) => {
  test.each(policies.map((policy, index) => [policy, expected[index]] as const))(
    'treats missing data as %s: %s',
    (missingData, state) => {
      const rule = { evaluationPeriods: 3, datapointsToAlarm, missingData };
      expect(evaluate(read(points), rule)).toBe(state);
    },
  );
});

test("AWS's tables have a range of five for three evaluation periods", () => {
  expect(evaluationRange(3)).toBe(5);
});

const settings = fc.integer({ min: 1, max: 6 }).chain((evaluationPeriods) =>
  fc.record({
    evaluationPeriods: fc.constant(evaluationPeriods),
    datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }),
    points: fc.array(fc.constantFrom(true, false, undefined), {
      minLength: evaluationRange(evaluationPeriods),
      maxLength: evaluationRange(evaluationPeriods),
    }),
  }),
);

/** The published rules, word by word: the most recent that exist, then as few fillers as are needed. */
function restated(points: (boolean | undefined)[], periods: number, toAlarm: number, filler: boolean) {
  const decisive: boolean[] = [];
  for (const point of [...points].reverse()) {
    if (point !== undefined && decisive.length < periods) decisive.push(point);
  }
  while (decisive.length < periods) decisive.push(filler);
  return decisive.filter((point) => point).length < toAlarm ? 'OK' : 'ALARM';
}

test('decides as the published rules say', () => {
  fc.assert(
    fc.property(settings, ({ points, evaluationPeriods, datapointsToAlarm }) => {
      const [asGood, asBad] = [false, true].map((filler) =>
        restated(points, evaluationPeriods, datapointsToAlarm, filler),
      );
      const found = (missingData: MissingData) =>
        evaluate(points, { evaluationPeriods, datapointsToAlarm, missingData });
      expect(found('notBreaching')).toBe(asGood);
      expect(found('breaching')).toBe(asBad);
      // Where it makes no difference what the missing ones were, neither of the others is in doubt.
      if (asGood !== asBad) return;
      expect(found('missing')).toBe(asGood);
      expect(found('ignore')).toBe(asGood);
    }),
  );
});

test('breaching values alone are an alarm, as soon as the oldest is old enough', () => {
  const rule = { evaluationPeriods: 3, datapointsToAlarm: 3, missingData: 'missing' } as const;
  expect(evaluate(read('- - - X -'), rule)).toBe(insufficient);
  expect(evaluate(read('- - X - -'), rule)).toBe('ALARM');
});
