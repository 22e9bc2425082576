import { readEnv, readInteger, readLimit } from '../../../lambda/shared/env.ts';

test('names every variable that is missing or empty', () => {
  expect(() => readEnv(['A', 'B', 'C'], { A: '1', B: '' })).toThrow('Missing environment variables: B, C.');
});

test.each(['-1', '1.5', 'many', '1e3', ' 1'])('%j is not a whole number', (value) => {
  expect(() => readInteger({ SECONDS: value }, 'SECONDS')).toThrow('SECONDS must be a whole number');
});

test('a limit is a whole number, or none by that name', () => {
  expect(readLimit({ SECONDS: '21600' }, 'SECONDS')).toBe(21_600);
  expect(readLimit({ SECONDS: 'none' }, 'SECONDS')).toBe(Number.POSITIVE_INFINITY);
  for (const value of ['', 'None', 'Infinity']) {
    expect(() => readLimit({ SECONDS: value }, 'SECONDS')).toThrow('SECONDS must be a whole number');
  }
});
