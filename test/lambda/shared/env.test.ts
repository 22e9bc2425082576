import { integer, readEnv } from '../../../lambda/shared/env.ts';

test('names every variable that is missing or empty', () => {
  expect(() => readEnv(['A', 'B', 'C'], { A: '1', B: '' })).toThrow('Missing environment variables: B, C.');
});

test.each(['-1', '1.5', 'many', '1e3', ' 1'])('%j is not a whole number', (value) => {
  expect(() => integer({ SECONDS: value }, 'SECONDS')).toThrow('SECONDS must be a whole number');
});
