import fc from 'fast-check';
import { workerNameProblem } from '../../../lambda/routing/worker-name.ts';

test.each(['a', 'inbound', 'call2', 'a1b2c3', 'x'.repeat(20)])('%s can name a worker', (name) => {
  expect(workerNameProblem(name)).toBeUndefined();
});

test.each([
  '',
  '1st',
  'Inbound',
  'inBound',
  'call-billing',
  'call_billing',
  'call billing',
  'call.billing',
  'é',
  'ı',
  'inbound\n',
  'x'.repeat(21),
])('%j cannot, and it is said what can', (name) => {
  expect(workerNameProblem(name)).toBe(
    `"${name}" cannot name a worker: its name has 1 to 20 lowercase letters and digits, a letter first.`,
  );
});

test.each(['none', 'unrouted'])('%s has a meaning of its own', (name) => {
  expect(workerNameProblem(name)).toBe(`"${name}" cannot name a worker: commands and outputs use the word.`);
});

test('what passes can be part of an output, of a variable and of an id, and two of them stay two', () => {
  const names = fc.string({ unit: 'binary', maxLength: 25 }).filter((name) => !workerNameProblem(name));
  const likely = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/), names);
  fc.assert(
    fc.property(likely, likely, (one, other) => {
      fc.pre(!workerNameProblem(one) && !workerNameProblem(other));
      expect(one).toMatch(/^[a-z][a-z0-9]{0,19}$/);
      expect(one.toUpperCase() === other.toUpperCase()).toBe(one === other);
    }),
  );
});
