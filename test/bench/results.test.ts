import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const results = read('bench/results.md');
const [, performance = ''] = /^## Performance\n(.*?)^## /ms.exec(read('README.md')) ?? [];

test('the README says what was measured', () => {
  const figures = [...performance.matchAll(/\d[\d,.]*\d(?= ×| ms| acknowledged|[ ,.])/g)].map(
    ([figure]) => figure,
  );
  expect(figures.length).toBeGreaterThan(10);
  // As they stand there, not within a longer number.
  expect(figures.filter((figure) => !new RegExp(`(?<![\\d.,])${figure}(?![\\d])`).test(results))).toEqual([]);
});

test('the results are of one run of every part', () => {
  const sections = [...results.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(sections).toEqual([
    'Cold receiver',
    'Warm receiver',
    'Worker',
    'Memory',
    'End to end',
    'Against a route of one’s own',
    'Build',
  ]);
});
